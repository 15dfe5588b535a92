import Glibc
import Interpreter
import JSON
import Lifecycle
import ResultWriting
import StatesLanguage
import Store

/// Children in memory, under way: items are read, children run, their results kept and exported, all side by side.
///
/// Results are kept in the order of the items, a prefix at a time: the cursor never passes a child whose result is not kept,
/// and what was not kept when the worker died runs again. What is held at once is bounded by number and by bytes.
struct ExpressRun {
    typealias Leaving = MapRun.Leaving

    /// What one of the tasks has done.
    enum Event: Sendable {
        case ran(first: Int, ExpressResults)
        case kept(Result<MapRunRecord, Leaving>)
        case exported(bytes: Int, Leaving?)
        /// More items have failed than may.
        case failed
        /// Children need something from outside of their own process.
        case needsWorld
    }

    /// Some children that run together, and where their items end.
    private struct Slice {
        var inputs: [ChildInput]
        let first: Int
        let count: Int
        /// What is held of it: of inputs before they have run, of results behind that.
        var bytes: Int
        let cursor: String
        let items: Int
        var results: ExpressResults?
    }

    private let run: MapRun
    private let children: ExpressChildren
    private let exporter: ResultExporter?
    private var record: MapRunRecord
    /// Those that are not kept, in order.
    private var slices: [Slice] = []
    /// How many of them a commit under way keeps; `nil` while there is none.
    private var keeping: Int?
    /// How many of them are done, from the first on, and how many children those have.
    private var readySlices = 0
    private var readyChildren = 0
    /// How many children have begun that are not kept, and how many bytes of inputs and results are held.
    private var waiting = 0
    private var held = 0
    private var running = 0
    /// How many slices run, and how many may: few that end soon, since what else there is to be done waits behind them.
    private var runningSlices = 0
    private var mostSlices = Int.max
    /// Opened by children that need something from outside: how long those run is nothing that processors decide.
    private let outside = Gate()
    /// How many children one task runs: more, the sooner they end, so that none waits long for its siblings to be told of.
    private var atOnce = 4
    private var next: Int
    /// What has come of children, kept or not.
    private var counts: MapRunCounts
    /// Results that are kept, and still to be exported.
    private var exports: [ResultTexts] = []
    private var isExporting = false
    private let limit = FailureLimit()

    /// How many children's results one transaction writes at most, and how many bytes of them.
    private static let mostCommitted = 4_000
    private static let mostBytes = 1 << 20
    /// How many children one task runs at most.
    private static let mostAtOnce = 128
    /// How many slices run at most that need next to no time, and nothing from outside: more than processors, so that none is
    /// idle.
    private static let mostQuickSlices = Int(sysconf(Int32(_SC_NPROCESSORS_ONLN))) + 2
    /// How many bytes of inputs, and of results that are not exported, are held.
    private static let mostHeld = 16 << 20

    init(_ run: MapRun, _ record: MapRunRecord, exporter: ResultExporter?) {
        self.run = run
        self.record = record
        self.exporter = exporter
        children = ExpressChildren(
            of: record,
            run.work,
            in: run.parts,
            exportedAs: exporter?.format,
            upTo: limit,
            needingWorld: outside
        )
        next = record.children
        counts = record.counts
    }

    /// Goes on until there are no more items and all results are kept and exported.
    mutating func run(_ feed: inout ChildFeed, in group: inout TaskGroup<Event>) async throws(Leaving) {
        group.addTask { [limit] in
            await limit.pass()
            return .failed
        }
        group.addTask { [outside] in
            try? await outside.wait()
            return .needsWorld
        }
        defer {
            limit.close()
            outside.open()
        }
        while true {
            limit.set(
                failed: counts.items.failed + counts.items.timedOut,
                most: record.mostFailures(knowing: feed.total)
            )
            if !limit.isPassed { try await begin(&feed, in: &group) }
            if limit.isPassed {
                try await end(feed, in: &group)
                throw .failed(.thresholdExceeded)
            }
            keepReady(feed, in: &group)
            export(in: &group)
            if slices.isEmpty, feed.isOver, record.totalItems != nil, !isExporting { return }
            try await takeNext(from: &group)
        }
    }

    private mutating func takeNext(from group: inout TaskGroup<Event>) async throws(Leaving) {
        guard let event = await group.next(), !Task.isCancelled else { throw .lost }
        switch event {
        case .ran(let first, let results):
            let place = place(of: first)
            slices[place].results = results
            slices[place].inputs = []
            held -= slices[place].bytes
            slices[place].bytes = results.kept.count + (results.texts?.byteCount ?? 0)
            held += slices[place].bytes
            while readySlices < slices.count, slices[readySlices].results != nil {
                readyChildren += slices[readySlices].count
                readySlices += 1
            }
            atOnce = results.time < .milliseconds(100) ? min(2 * atOnce, Self.mostAtOnce) : max(atOnce / 2, 1)
            let isQuick = results.time < .milliseconds(10) && !outside.isOpen
            mostSlices = isQuick ? Self.mostQuickSlices : .max
            runningSlices -= 1
            running -= results.children
            counts = counts + results.counts
        case .kept(let result):
            record = try result.get()
            takeKept(keeping ?? 0)
            keeping = nil
        case .exported(let bytes, let failure):
            isExporting = false
            held -= bytes
            if let failure { throw failure }
        case .needsWorld: mostSlices = .max
        case .failed: break
        }
    }

    private mutating func takeKept(_ count: Int) {
        for slice in slices.prefix(count) {
            readySlices -= 1
            readyChildren -= slice.count
            waiting -= slice.count
            held -= slice.bytes
            guard exporter != nil, let texts = slice.results?.texts else { continue }
            exports.append(texts)
            held += texts.byteCount
        }
        slices.removeFirst(count)
    }

    /// Where the slice is that begins with a child.
    private func place(of first: Int) -> Int {
        var range = 0..<slices.count
        while range.count > 1 {
            let middle = range.lowerBound + range.count / 2
            range = slices[middle].first <= first ? middle..<range.upperBound : range.lowerBound..<middle
        }
        return range.lowerBound
    }

    // MARK: Beginning

    /// Begins children, as many as there are and may be.
    private mutating func begin(_ feed: inout ChildFeed, in group: inout TaskGroup<Event>) async throws(Leaving) {
        let most =
            record.maxConcurrency > 0 ? min(record.maxConcurrency, MapRun.mostChildren) : MapRun.mostInMemory
        let size = max(1, min(atOnce, most / 8))
        while running < most, runningSlices < mostSlices, !feed.isOver, hasRoom(for: most) {
            let slice = try await slice(of: &feed, upTo: min(size, most - running))
            guard slice.count > 0 else { return }
            slices.append(slice)
            runningSlices += 1
            running += slice.count
            waiting += slice.count
            held += slice.bytes
            next += slice.count
            group.addTask { [children] in
                .ran(first: slice.first, await children.run(slice.inputs, from: slice.first))
            }
        }
    }

    private func hasRoom(for most: Int) -> Bool {
        waiting < most + min(8 * most, 3 * Self.mostCommitted) && held < Self.mostHeld
    }

    /// Reads the next children's inputs.
    private func slice(of feed: inout ChildFeed, upTo most: Int) async throws(Leaving) -> Slice {
        var inputs: [ChildInput] = []
        var bytes = 0
        do {
            while inputs.count < most, bytes < Self.mostBytes, let input = try await feed.next() {
                inputs.append(input)
                bytes += input.input.byteCount
            }
        } catch {
            throw .failed(error.failure)
        }
        let count = inputs.count
        return Slice(
            inputs: inputs,
            first: next,
            count: count,
            bytes: bytes,
            cursor: feed.cursor.text,
            items: feed.items
        )
    }

    // MARK: Keeping

    /// Has the results of consecutive slices written, as many as one transaction takes, unless such a commit is under way.
    private mutating func keepReady(_ feed: ChildFeed, in group: inout TaskGroup<Event>) {
        guard keeping == nil else { return }
        // Waiting for more costs nothing as long as others run.
        if running > 0, readyChildren < Self.mostCommitted / 8 { return }
        guard readySlices > 0 || slices.isEmpty && feed.isOver && record.totalItems == nil else { return }
        let (number, results, step) = step(feed)
        keeping = number
        group.addTask { [run] in
            do throws(Leaving) {
                return .kept(.success(try await Self.keep(results, step, in: run)))
            } catch {
                return .kept(.failure(error))
            }
        }
    }

    /// What the next commit keeps: of how many slices, their results, and how far the run is with them.
    private func step(_ feed: ChildFeed) -> (Int, [ExpressResults], MapRunChildren) {
        var results: [ExpressResults] = []
        var number = 0
        var bytes = 0
        for slice in slices {
            guard let some = slice.results, number == 0 || number < Self.mostCommitted && bytes < Self.mostBytes
            else { break }
            results.append(some)
            number += some.children
            bytes += some.kept.count
        }
        let last = results.isEmpty ? nil : slices[results.count - 1]
        let children = MapRunChildren(
            work: run.work,
            run: run.id,
            cursor: last?.cursor ?? record.cursor ?? "null",
            items: last?.items ?? record.items,
            children: record.children + number,
            total: feed.total
        )
        return (results.count, results, children)
    }

    private static func keep(
        _ results: [ExpressResults],
        _ step: MapRunChildren,
        in run: MapRun
    ) async throws(Leaving) -> MapRunRecord {
        var step = step
        if !results.isEmpty {
            var text: [UInt8] = []
            text.reserveCapacity(results.reduce(2) { $0 + $1.kept.count + 1 })
            for some in results {
                text.append(text.isEmpty ? UInt8(ascii: "[") : UInt8(ascii: ","))
                text.append(contentsOf: some.kept)
            }
            text.append(UInt8(ascii: "]"))
            let number = results.reduce(0) { $0 + $1.children }
            step.results = ChildResults(
                firstChild: step.children - number,
                children: number,
                text: String(decoding: text, as: UTF8.self),
                counts: results.reduce(MapRunCounts()) { $0 + $1.counts }
            )
        }
        try await run.submit(step)
        return try await run.record()
    }

    // MARK: Exporting

    /// Has kept results exported, unless others are being exported.
    private mutating func export(in group: inout TaskGroup<Event>) {
        guard let exporter, !isExporting, !exports.isEmpty else { return }
        let all = exports
        let bytes = all.reduce(0) { $0 + $1.byteCount }
        exports = []
        isExporting = true
        group.addTask {
            do throws(Leaving) {
                for texts in all { try await exporter.add(texts) }
                return .exported(bytes: bytes, nil)
            } catch {
                return .exported(bytes: bytes, error)
            }
        }
    }

    // MARK: Ending

    /// Ends what still runs, and keeps and exports what has come of all children that have begun.
    private mutating func end(_ feed: ChildFeed, in group: inout TaskGroup<Event>) async throws(Leaving) {
        // Only children are cancelled.
        while keeping != nil || isExporting { try await takeNext(from: &group) }
        group.cancelAll()
        while running > 0 { try await takeNext(from: &group) }
        while !slices.isEmpty {
            let (number, results, step) = step(feed)
            record = try await Self.keep(results, step, in: run)
            takeKept(number)
        }
        for texts in exports { try await exporter?.add(texts) }
        exports = []
    }
}
