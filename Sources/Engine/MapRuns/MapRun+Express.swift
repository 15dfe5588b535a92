import Interpreter
import JSON
import StatesLanguage
import Store

extension MapRun {
    /// Some children that run in memory together, and where their items end.
    private struct Slice {
        var inputs: [ChildInput]
        var first: Int
        var cursor: String
        var items: Int
        var results: [ExpressResult]?
    }

    /// How many children's results one transaction writes at most, and how many bytes of them.
    private static let mostCommitted = 2_000
    private static let mostBytes = 1 << 20

    /// Runs all children in memory, and keeps what comes of them, in their order.
    ///
    /// The cursor never passes a child whose result is not kept: what was not committed when the worker died runs again.
    func runAll(of feed: inout ChildFeed) async throws(Leaving) {
        let result: Result<Void, Leaving> = await withTaskGroup(of: (Int, [ExpressResult]).self) { group in
            do throws(Leaving) {
                try await run(&feed, in: &group)
                return .success(())
            } catch {
                group.cancelAll()
                return .failure(error)
            }
        }
        try result.get()
    }

    private func run(
        _ feed: inout ChildFeed,
        in group: inout TaskGroup<(Int, [ExpressResult])>
    ) async throws(Leaving) {
        var record = try await self.record()
        let children = ExpressChildren(work: work, record: record, parts: parts)
        var slices: [Slice] = []
        var next = record.children
        var running = 0
        while true {
            if record.isToleranceExceeded(knowing: feed.total) { throw .failed(.thresholdExceeded) }
            let most = record.maxConcurrency > 0 ? min(record.maxConcurrency, Self.mostChildren) : Self.mostInMemory
            let size = max(1, min(100, most / 8))
            while running < most, slices.count < 4 * max(1, most / size), !feed.isOver {
                let slice = try await slice(of: &feed, from: next, upTo: min(size, most - running))
                guard !slice.inputs.isEmpty else { break }
                slices.append(slice)
                running += slice.inputs.count
                next += slice.inputs.count
                group.addTask { (slice.first, await children.run(slice.inputs, from: slice.first)) }
            }
            if slices.isEmpty, feed.isOver, record.totalItems != nil { return }
            let ready = slices.prefix { $0.results != nil }
            // Waiting for more costs nothing as long as others run.
            if running > 0, ready.reduce(0, { $0 + $1.inputs.count }) < Self.mostCommitted / 4 {
                guard let done = await group.next(),
                    let place = slices.firstIndex(where: { $0.first == done.0 })
                else { throw .lost }
                slices[place].results = done.1
                running -= slices[place].inputs.count
                continue
            }
            let kept = try await keep(Array(ready), behind: record, total: feed.total)
            slices.removeFirst(kept)
            record = try await self.record()
        }
    }

    /// Reads the next children's inputs, as many as there are and may be.
    private func slice(of feed: inout ChildFeed, from first: Int, upTo most: Int) async throws(Leaving) -> Slice {
        var inputs: [ChildInput] = []
        do {
            while inputs.count < most, let input = try await feed.next() { inputs.append(input) }
        } catch {
            throw .failed(error.failure)
        }
        return Slice(inputs: inputs, first: first, cursor: feed.cursor.text, items: feed.items)
    }

    /// Writes the results of consecutive slices, as many as one transaction takes; returns how many.
    private func keep(_ slices: [Slice], behind record: MapRunRecord, total: Int?) async throws(Leaving) -> Int {
        let keepsInputs = map.resultWriter?.transformation == ResultExport.Transformation.none
        var text = "["
        var counts = MapRunCounts()
        var taken = 0
        var number = 0
        for slice in slices {
            guard taken == 0 || number < Self.mostCommitted && text.utf8.count < Self.mostBytes else { break }
            for result in slice.results ?? [] {
                counts.count(result)
                if number > 0 { text += "," }
                text += result.text(withInput: keepsInputs || !result.hasSucceeded)
                number += 1
            }
            taken += 1
        }
        text += "]"
        var children = MapRunChildren(
            work: work,
            run: id,
            cursor: slices.isEmpty ? record.cursor ?? "null" : slices[taken - 1].cursor,
            items: slices.isEmpty ? record.items : slices[taken - 1].items,
            children: record.children + number,
            total: total
        )
        if number > 0 {
            children.results = ChildResults(firstChild: record.children, children: number, text: text, counts: counts)
        }
        if Task.isCancelled { throw .lost }
        try await submit(children)
        return taken
    }
}
