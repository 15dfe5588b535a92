import Interpreter
import ItemReading
import JSON
import Postgres
import ResultWriting
import StatesLanguage
import Store
import Telemetry

/// One run of a Distributed Map, seen to by who holds its branch.
///
/// Nothing of it must outlive this process: what has been done stands in the run's row and its children's.
struct MapRun {
    /// Why it is not gone on with here.
    enum Leaving: Error {
        /// The branch is held by somebody else, or has ended.
        case lost
        case failed(Failure)
        /// There is nothing to do but to wait for children, and no room to do that here: it is let go of for so long.
        case rests(Duration)
    }

    /// How it was seen to.
    enum Course {
        case over(Happening)
        /// That is somebody else's from now on.
        case left
        case rests(Duration)
    }

    let id: MapRunID
    let work: MapRunWork
    let map: MapState
    let parts: MapRuns
    let incarnation: Incarnation
    let alarm: Alarm
    /// How many children run at once at most, where the state does not say (quota).
    static let mostChildren = 10_000
    /// As many at most that run again in memory.
    static let mostInMemory = 1_000
    /// How long it waits for a child's end before it looks by itself: the longer, the longer nothing happens.
    private static let shortestRest = Duration.milliseconds(100)
    private static let longestRest = Duration.seconds(1)
    /// How many children begin in one transaction.
    private static let mostAtOnce = 500

    init(
        _ id: MapRunID,
        _ work: MapRunWork,
        _ map: MapState,
        in parts: MapRuns,
        by incarnation: Incarnation,
        alarm: Alarm
    ) {
        self.id = id
        self.work = work
        self.map = map
        self.parts = parts
        self.incarnation = incarnation
        self.alarm = alarm
    }

    /// Sees to it until it is over, or not to be gone on with here.
    mutating func run() async -> Course {
        do throws(Leaving) {
            return .over(.succeeded(try await outputs()))
        } catch {
            switch error {
            case .failed(let failure): return await fail(with: failure)
            case .rests(let time): return .rests(time)
            case .lost: return .left
            }
        }
    }

    private func outputs() async throws(Leaving) -> JSONText {
        let record = try await self.record()
        guard record.redriveCount <= Self.mostRedrives else { throw .failed(.redrivenTooOften) }
        var feed = try await feed(behind: record)
        guard map.resultWriter?.parameters != nil else {
            try await runAll(of: &feed, as: record.type, to: nil)
            return try await gather()
        }
        try await takeBackExport(of: record)
        let exporter = try exporter(of: record, besides: await giveUpUploads(of: record))
        do throws(Leaving) {
            return try await exportAll(of: &feed, as: record.type, to: exporter)
        } catch {
            await exporter.abandon()
            throw error
        }
    }

    /// Has all children begin and end; results of those in memory are exported on the way.
    func runAll(
        of feed: inout ChildFeed,
        as type: StateMachineType,
        to exporter: ResultExporter?
    ) async throws(Leaving) {
        guard type == .express else { return try await beginAll(of: &feed) }
        let again: Result<Void, Leaving>
        do throws(Leaving) {
            again = .success(try await runAgain(knowing: feed.total))
        } catch {
            again = .failure(error)
        }
        if case .failure(.lost) = again { throw .lost }
        if let exporter { try await exportKept(to: exporter) }
        try again.get()
        try await runAll(of: &feed, to: exporter)
    }

    func stopChildren() async throws(Leaving) {
        let isDone = await parts.logger.trying("the children of a map run are not stopped") { () throws(StoreError) in
            try await parts.stopChildren(of: id)
            return true
        }
        if isDone != true || Task.isCancelled { throw .lost }
    }

    /// Ends what still runs: a run that fails leaves nothing behind.
    private func fail(with failure: Failure) async -> Course {
        do { try await stopChildren() } catch { return .left }
        return .over(.failed(failure))
    }

    // MARK: Children

    /// Begins children, as many at once as may be, until there are no more items and all have ended.
    private func beginAll(of feed: inout ChildFeed) async throws(Leaving) {
        var rest = Self.shortestRest
        while true {
            let record = try await self.record()
            if record.isToleranceExceeded(knowing: feed.total) { throw .failed(.thresholdExceeded) }
            let most = record.concurrency(atMost: Self.mostChildren)
            let room = min(most - record.openChildren, Self.mostAtOnce)
            if room > 0, !record.redrive.isOver {
                try await redrive(room, behind: record)
            } else if room > 0, !feed.isOver || record.totalItems == nil {
                try await begin(room, of: &feed, behind: record)
            } else if feed.isOver, record.openChildren == 0 {
                return
            } else {
                if rest > Self.longestRest / 2, await incarnation.lacksRoom {
                    throw .rests(MapRuns.rest(after: parts.clock.now - record.startedAt))
                }
                // Who ends a child, or changes the run, rings; what nobody tells of is seen a little later.
                let asleep = ContinuousClock.now
                await alarm.sleep(atMost: rest)
                rest = ContinuousClock.now - asleep < rest ? Self.shortestRest : min(rest * 2, Self.longestRest)
                // Where many run, their ends come together.
                if most > 50 { try? await Task.sleep(for: .milliseconds(2)) }
            }
        }
    }

    /// Begins the next children, by one transaction with the place up to which the items are used up.
    private func begin(_ room: Int, of feed: inout ChildFeed, behind record: MapRunRecord) async throws(Leaving) {
        var children = MapRunChildren(
            work: work,
            run: id,
            cursor: "",
            items: record.items,
            children: record.children,
            total: feed.total
        )
        let now = parts.clock.now
        let trace = parts.settings.context(of: work.execution, from: work.branch.enteredEventID)
        var bytes = 0
        do {
            while children.new.count < room, bytes < 1 << 20, let input = try await feed.next() {
                children.new.append(
                    work.child(record.children + children.new.count, input, of: record, at: now, trace: trace)
                )
                bytes += input.input.byteCount
            }
        } catch {
            throw .failed(error.failure)
        }
        children.cursor = feed.cursor.text
        children.items = feed.items
        children.children = record.children + children.new.count
        children.total = feed.total
        try await submit(children)
    }

    func submit(_ children: MapRunChildren) async throws(Leaving) {
        switch await incarnation.begin(children) {
        case .answer(.childrenStarted): break
        case .answer, .unknown: throw .lost
        case .refused(let reason):
            throw .failed(Failure(error: ErrorName.runtime, cause: "The database refused children: \(reason)"))
        }
        if Task.isCancelled { throw .lost }
    }

    /// The run's row, as it is now.
    func record() async throws(Leaving) -> MapRunRecord {
        if Task.isCancelled { throw .lost }
        let record = await parts.logger.trying("a map run is not read") { () throws(StoreError) in
            try await parts.store.mapRun(id)
        }
        guard let record = record ?? nil, record.status == .running else { throw .lost }
        return record
    }

    // MARK: Items

    /// What gives children's inputs, from the run's cursor on.
    private func feed(behind record: MapRunRecord) async throws(Leaving) -> ChildFeed {
        do {
            let selection = try ItemSelection(
                work.interpreter,
                of: work.branch,
                for: work.request,
                parts.settings.info(of: work.execution)
            )
            let cursor = record.cursor.flatMap { try? JSONValue(parsing: $0) }
            let source = try await source(selection, at: cursor)
            return ChildFeed(
                source,
                selection,
                for: work.request,
                isBatched: map.itemBatcher != nil,
                after: record.items,
                limit: parts.settings.limits.maxPayloadBytes
            )
        } catch {
            throw .failed(error.failure)
        }
    }

    private func source(
        _ selection: ItemSelection,
        at cursor: JSONValue?
    ) async throws(RunFailure) -> any ItemSource {
        guard let reader = map.itemReader else { return StateItems(selection.items, at: cursor) }
        if let most = work.request.maxItems, most < 0 {
            throw RunFailure(itemReader: "field MaxItems must be positive")
        }
        guard let objects = parts.settings.objects else {
            throw RunFailure(itemReader: "This worker has no object store: --objects names one.")
        }
        return try await reader.source(work.request.reader ?? [:], in: objects, at: cursor)
    }

    // MARK: Results

    /// The state's result: the outputs, in the order of the items.
    private func gather() async throws(Leaving) -> JSONText {
        let format = map.resultWriter?.format ?? .standard(isExported: false)
        var result = InlineResult(format, limit: parts.settings.limits.maxPayloadBytes)
        var record = try await self.record()
        // Files that an attempt has written with another revision are no part of this result.
        record.exported = nil
        var children = ChildPages(of: record, work, in: parts)
        while let page = try await children.next() {
            for child in page where !result.add(child) { throw .failed(.resultTooLarge(of: work.request.state)) }
        }
        return result.text
    }
}

extension MapRunRecord {
    /// How many children may run at once, of so many.
    func concurrency(atMost most: Int) -> Int { maxConcurrency > 0 ? min(maxConcurrency, most) : most }

    /// How many items may fail; `nil` where any number may.
    ///
    /// A share is one of all items, so it counts only once their number is known. Given one threshold, the other's default of
    /// none no longer holds. Source: reference §14.
    func mostFailures(knowing total: Int?) -> Int? {
        if toleratedFailures == nil, toleratedPercentage == nil { return 0 }
        guard let toleratedPercentage, toleratedPercentage < 100, let total = total ?? totalItems else {
            return toleratedFailures
        }
        return min(toleratedFailures ?? .max, Self.mostFailures(toleratedPercentage, of: total))
    }

    /// How many of a number of items are no greater share than a percentage, as that is computed once they have failed.
    static func mostFailures(_ percentage: Double, of total: Int) -> Int {
        var most = Int(percentage * Double(total) / 100)
        while most < total, Double(most + 1) * 100 / Double(total) <= percentage { most += 1 }
        return most
    }

    /// Whether more items have failed than may.
    func isToleranceExceeded(knowing total: Int?) -> Bool {
        let failed = counts.items.failed + counts.items.timedOut
        return failed > 0 && mostFailures(knowing: total).map { failed > $0 } ?? false
    }
}
