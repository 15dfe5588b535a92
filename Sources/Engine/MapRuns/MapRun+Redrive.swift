import Interpreter
import JSON
import ResultWriting
import StatesLanguage
import Store

/// A run that was redriven: children that did not succeed run again before others begin. Source: reference §15.
extension MapRun {
    /// How often a run is redriven at most (quota).
    static let mostRedrives = 1_000
    /// How many children are redriven in one transaction.
    private static let mostRedriven = 100

    // MARK: STANDARD

    /// Has the next children go on from where they stood, as many as may run.
    func redrive(_ room: Int, behind record: MapRunRecord) async throws(Leaving) {
        let definition = work.interpreter.definition
        let (arns, machine) = (parts.settings.arns, work.machineName)
        let request = ChildrenRedrive(
            holder: holder,
            began: record.startedAt.microseconds / 1_000,
            places: record.redrive.cursor..<record.redrive.children,
            limit: min(room, Self.mostRedriven),
            revision: work.revision,
            timeLimit: definition.timeoutSeconds.map { .seconds($0) },
            lane: { definition.laneToBegin($0) },
            knows: { definition.state(named: $0) != nil },
            mapRunARN: { arns.mapRun("\($0.id)", label: $0.label, of: machine).description }
        )
        let outcome = await parts.logger.trying("children of a map run are not redriven") { () throws(StoreError) in
            try await parts.store.redriveChildren(request)
        }
        guard !Task.isCancelled else { throw .lost }
        switch outcome {
        case .redriven(let lanes): if !lanes.isEmpty { parts.wake(lanes) }
        case .areEnding(let children):
            let isDone = await parts.logger.trying("a child's map run does not end") { () throws(StoreError) in
                for child in children { try await parts.settle(of: child) }
                return true
            }
            if isDone != true { throw .lost }
        case .lost, nil: throw .lost
        }
    }

    // MARK: EXPRESS

    /// Kept results, of which some are not those of successes.
    private struct Page {
        var first: Int
        var results: [ExpressResult]
        /// The places of those that run again.
        var failed: [Int]
    }

    /// Runs children again that ran in memory and did not succeed, and keeps what comes of them in the place of what did.
    func runAgain(knowing total: Int?) async throws(Leaving) {
        var record = try await self.record()
        while !record.redrive.isOver {
            if record.isToleranceExceeded(knowing: total) { throw .failed(.thresholdExceeded) }
            let (pages, isLast) = try await pages(
                from: record.redrive,
                until: record.concurrency(atMost: Self.mostInMemory)
            )
            try await runAgain(pages, knowing: total, record)
            if isLast {
                try await held("what came of a redrive is not kept") { store throws(StoreError) in
                    try await store.finishRedrive(by: holder)
                }
            }
            record = try await self.record()
        }
    }

    /// Reads kept results until there are enough that run again, and whether there are no more.
    private func pages(from redrive: MapRunRedrive, until enough: Int) async throws(Leaving) -> ([Page], isLast: Bool) {
        var pages: [Page] = []
        var next = redrive.cursor
        while next < redrive.children, pages.reduce(0, { $0 + $1.failed.count }) < enough, pages.count < 16 {
            let kept = await parts.logger.trying("the results of a map run are not read") { () throws(StoreError) in
                try await parts.store.keptResults(of: id, from: next)
            }
            guard let kept, !Task.isCancelled else { throw .lost }
            guard let kept, kept.firstChild < redrive.children else { return (pages, true) }
            let results = (JSONText(trusted: kept.text).value.array ?? []).compactMap { ExpressResult($0) }
            let failed = results.indices.filter { !results[$0].hasSucceeded }
            if !failed.isEmpty { pages.append(Page(first: kept.firstChild, results: results, failed: failed)) }
            next = kept.firstChild + kept.children
        }
        return (pages, next >= redrive.children)
    }

    /// Runs the children of some pages again, and keeps each page as soon as it and those in front of it are done; what the
    /// run's row says then holds for those that have not begun.
    private func runAgain(_ pages: [Page], knowing total: Int?, _ record: MapRunRecord) async throws(Leaving) {
        let children = ExpressChildren(of: record, work, in: parts)
        let result: Result<Void, Leaving> = await withTaskGroup(of: (Int, Int, ExpressResult).self) { group in
            var left = pages.indices.flatMap { page in pages[page].failed.map { (page, $0) } }[...]
            var record = record
            var again = pages
            var open = pages.map(\.failed.count)
            var running = 0
            var front = 0
            do throws(Leaving) {
                defer { group.cancelAll() }
                while front < pages.count {
                    while running < record.concurrency(atMost: Self.mostInMemory), let (page, place) = left.popFirst() {
                        let result = pages[page].results[place]
                        let input = ChildInput(input: result.input, count: count(of: result))
                        let ordinal = pages[page].first + place
                        group.addTask { (page, place, await children.run(input, at: ordinal)) }
                        running += 1
                    }
                    if let (page, place, result) = await group.next() {
                        again[page].results[place] = result
                        open[page] -= 1
                        running -= 1
                    }
                    guard !Task.isCancelled else { throw .lost }
                    while front < pages.count, open[front] == 0 || (left.isEmpty && running == 0) {
                        try await replace(pages[front], by: again[front])
                        again[front].results = []
                        front += 1
                        record = try await self.record()
                        // Those that run are kept; the others stay as they were.
                        if record.isToleranceExceeded(knowing: total) { left = [] }
                    }
                }
                return .success(())
            } catch {
                return .failure(error)
            }
        }
        try result.get()
    }

    /// How many items a child was given: an input tells where it is a batch.
    private func count(of result: ExpressResult) -> Int {
        map.itemBatcher == nil ? 1 : result.input.value["Items"]?.array?.count ?? 1
    }

    private func replace(_ old: Page, by new: Page) async throws(Leaving) {
        let keepsInputs = map.resultWriter?.transformation == ResultExport.Transformation.none
        var text = Array("[".utf8)
        for (index, result) in new.results.enumerated() {
            if index > 0 { text.append(UInt8(ascii: ",")) }
            result.append(to: &text, withInput: keepsInputs || !result.hasSucceeded)
        }
        text.append(UInt8(ascii: "]"))
        var (before, after) = (MapRunCounts(), MapRunCounts())
        for place in old.failed {
            let items = count(of: old.results[place])
            before.add(old.results[place].status, items: items)
            after.add(new.results[place].status, items: items)
        }
        let results = ReplacedResults(
            firstChild: old.first,
            children: old.results.count,
            text: String(decoding: text, as: UTF8.self),
            before: before,
            after: after
        )
        try await held("what came of a redrive is not kept") { store throws(StoreError) in
            try await store.replace(results, by: holder)
        }
    }
}

extension ExpressResult {
    /// How it ended; who was cancelled counts as aborted.
    var status: ExecutionStatus {
        switch outcome {
        case .succeeded: .succeeded
        case .failed: .failed
        case .timedOut: .timedOut
        case .aborted, .pending: .aborted
        }
    }
}

extension Failure {
    /// Source: reference §15.
    static let redrivenTooOften = Failure(
        error: ErrorName.runtime,
        cause: "The Map Run has exceeded the maximum number of redrives (\(MapRun.mostRedrives))"
    )
}
