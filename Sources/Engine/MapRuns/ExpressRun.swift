import Glibc
import Interpreter
import JSON
import Lifecycle
import ResultWriting
import StatesLanguage
import Store

/// Children in memory, under way: items are read, children run, their results kept and exported, all side by side.
///
/// Results are kept soon after they come, many at a time where many come: what was not kept when the worker died runs again.
/// What is held at once is bounded by number and by bytes. The run's row is looked at again and again, since its limits may
/// change, and told how many children run.
struct ExpressRun {
    typealias Leaving = MapRun.Leaving

    /// What one of the tasks has done.
    enum Event: Sendable {
        case ran(first: Int, ExpressResults)
        case kept(Result<MapRunRecord, Leaving>)
        case exported(bytes: Int, Leaving?)
        /// It is time to look at the run's row.
        case looks
        /// More items have failed than may.
        case failed
        /// Children need something from outside of their own process.
        case needsWorld
    }

    private let run: MapRun
    private let children: ExpressChildren
    private let exporter: ResultExporter?
    private var record: MapRunRecord
    private var window = ExpressWindow()
    /// Children that are not begun, since their results were kept before this process saw to the run.
    private var kept: ArraySlice<Range<Int>>
    /// Whether a commit, or a look at the run's row, is under way, and when the last began.
    private var isKeeping = false
    private var keptAt = ContinuousClock.now
    /// Whether the run's row is to be looked at.
    private var isToLook = false
    /// Whether children are only ended and kept.
    private var isEnding = false
    /// How many bytes of kept results are held until they are exported.
    private var held = 0
    private var running = 0
    /// How many slices run, and how many may: few that need nothing from outside, since what else there is to be done waits
    /// behind them, and what they give has to be held.
    private var runningSlices = 0
    private var mostSlices: Int { outside.isOpen ? .max : Self.mostQuickSlices }
    /// Opened by children that need something from outside: how long those run is nothing that processors decide.
    private let outside = Gate()
    /// How many children one task runs: more, the sooner they end, so that none waits long for its siblings to be told of.
    private var atOnce = 4
    /// About how many bytes there are at most of what came of one of them.
    private var childBytes = 0
    private let began = ContinuousClock.now
    private var next: Int
    /// What has come of children, kept or not.
    private var counts: MapRunCounts
    /// Results that are kept, and still to be exported.
    private var exports: [ExpressWindow.Export] = []
    private var isExporting = false
    private let limit = FailureLimit()

    /// How many children's results one transaction writes at most, and how many bytes of them.
    private static let mostCommitted = 4_000
    private static let mostBytes = 1 << 20
    /// How many children's results a transaction is worth, where others come soon.
    private static let enoughCommitted = mostCommitted / 8
    /// How long results wait for others at most.
    private static let mostWaiting = Duration.milliseconds(250)
    /// How often the run's row is looked at.
    private static let lookInterval = Duration.milliseconds(500)
    /// How many children may have begun that are not kept, besides those that may run.
    private static let fewestWaiting = 2_000
    /// How many children one task runs at most.
    private static let mostAtOnce = 128
    /// How many slices run at most that need nothing from outside: more than processors, so that none is idle.
    private static let mostQuickSlices = Int(sysconf(Int32(_SC_NPROCESSORS_ONLN))) + 2
    /// How many bytes of inputs, and of results that are not exported, are held.
    private static let mostHeld = 16 << 20
    /// How many bytes the results of one task have at most, where they are long.
    private static let mostOfSlice = 1 << 18
    /// How many bytes may come at once of all that run, as far as what has come tells.
    private static let mostExpected = 32 << 20
    /// How many bytes one takes that runs, where nobody said how many may.
    private static let childSize = 16 << 10
    /// How many children run at most before anything has come of one, and how long that is waited for.
    private static let mostAtFirst = 200
    private static let longestFirst = Duration.seconds(5)

    /// - Parameters:
    ///   - run: The run.
    ///   - record: Its row.
    ///   - kept: Which children behind the cursor have kept results.
    ///   - exporter: What takes the results, if they are exported.
    init(_ run: MapRun, _ record: MapRunRecord, behind kept: [Range<Int>], exporter: ResultExporter?) {
        self.run = run
        self.kept = kept[...]
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
        look(in: &group)
        while true {
            limit.set(
                failed: counts.items.failed + counts.items.timedOut,
                most: record.mostFailures(knowing: feed.total)
            )
            do throws(Leaving) {
                if !limit.isPassed { try await begin(&feed, in: &group) }
            } catch {
                // What has begun has its results all the same.
                if case .failed = error { try await end(feed, in: &group) }
                throw error
            }
            if limit.isPassed {
                try await end(feed, in: &group)
                throw .failed(.thresholdExceeded)
            }
            keepReady(feed, in: &group)
            export(in: &group)
            if isOver(feed), !isKeeping, !isExporting { return }
            try await takeNext(from: &group)
        }
    }

    /// Whether all is kept, and told.
    private func isOver(_ feed: ChildFeed) -> Bool {
        window.isEmpty && feed.isOver && record.totalItems != nil && record.inMemory == ChildrenInMemory()
    }

    private func look(in group: inout TaskGroup<Event>) {
        group.addTask {
            try? await Task.sleep(for: Self.lookInterval)
            return .looks
        }
    }

    private mutating func takeNext(from group: inout TaskGroup<Event>) async throws(Leaving) {
        guard let event = await group.next(), !Task.isCancelled else { throw .lost }
        switch event {
        case .ran(let first, let results):
            window.end(first, with: results)
            atOnce = results.time < .milliseconds(100) ? min(2 * atOnce, Self.mostAtOnce) : max(atOnce / 2, 1)
            let bytes = results.kept.count + (results.texts?.byteCount ?? 0)
            childBytes = max(bytes / max(1, results.children), childBytes - childBytes / 16)
            runningSlices -= 1
            running -= results.children
            counts = counts + results.counts
        case .kept(let result):
            isKeeping = false
            record = try result.get()
            takeKept()
        case .exported(let bytes, let leaving):
            isExporting = false
            held -= bytes
            if let leaving { throw leaving }
        case .looks:
            guard !isEnding else { return }
            isToLook = true
            look(in: &group)
        case .failed, .needsWorld: break
        }
    }

    /// Takes what was kept as what is to be exported.
    private mutating func takeKept() {
        for export in window.keep(room: Self.mostHeld / 4) {
            held += export.byteCount
            exports.append(export)
        }
    }

    // MARK: Beginning

    /// How many children run at once at most.
    private var most: Int { record.concurrency(atMost: MapRun.mostChildren) }

    /// How many of them may run now: so many that what comes of them can be held, should it come at the same moment.
    private var mostNow: Int {
        guard childBytes > 0 else {
            return ContinuousClock.now - began < Self.longestFirst ? min(most, Self.mostAtFirst) : most
        }
        let bytes = record.maxConcurrency > 0 ? childBytes : childBytes + Self.childSize
        return min(most, max(Self.mostQuickSlices, Self.mostExpected / bytes))
    }

    /// Begins children, as many as there are and may be.
    private mutating func begin(_ feed: inout ChildFeed, in group: inout TaskGroup<Event>) async throws(Leaving) {
        let most = mostNow
        let size = max(1, min(atOnce, most / 8, Self.mostOfSlice / max(1, childBytes)))
        while running < most, runningSlices < mostSlices, !feed.isOver, hasRoom {
            if let range = kept.first, range.lowerBound <= next {
                try await pass(range, of: &feed)
                continue
            }
            let room = min(size, most - running, (kept.first?.lowerBound ?? .max) - next)
            let inputs = try await inputs(of: &feed, upTo: room)
            guard !inputs.isEmpty else { return }
            let first = next
            next += inputs.count
            window.begin(
                first..<next,
                items: inputs.reduce(0) { $0 + $1.count },
                bytes: inputs.reduce(0) { $0 + $1.input.byteCount },
                behind: ExpressWindow.Place(children: next, items: feed.items, cursor: feed.cursor.text)
            )
            runningSlices += 1
            running += inputs.count
            group.addTask { [children] in .ran(first: first, await children.run(inputs, from: first)) }
        }
    }

    /// Whether so much may be held that more can begin.
    private var hasRoom: Bool {
        let others = max(Self.fewestWaiting, min(8 * most, 3 * Self.mostCommitted))
        return window.waiting.children < most + others && window.held + held < Self.mostHeld
    }

    /// Reads the next children's inputs.
    private func inputs(of feed: inout ChildFeed, upTo most: Int) async throws(Leaving) -> [ChildInput] {
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
        return inputs
    }

    /// Passes over children whose results are kept.
    private mutating func pass(_ range: Range<Int>, of feed: inout ChildFeed) async throws(Leaving) {
        do {
            while next < range.upperBound, !Task.isCancelled, try await feed.next() != nil { next += 1 }
        } catch {
            throw .failed(error.failure)
        }
        if Task.isCancelled { throw .lost }
        next = range.upperBound
        kept.removeFirst()
        window.take(
            range,
            behind: ExpressWindow.Place(children: next, items: feed.items, cursor: feed.cursor.text),
            isExported: exporter != nil
        )
    }

    // MARK: Keeping

    /// Has results written, as many as one transaction takes, or the run's row looked at, unless that is under way.
    private mutating func keepReady(_ feed: ChildFeed, in group: inout TaskGroup<Event>) {
        guard !isKeeping else { return }
        let now = ContinuousClock.now
        // Waiting for more costs nothing as long as many come.
        let isEnough = window.readyAtFront >= Self.enoughCommitted || running == 0
        let isDue = isToLook || now - keptAt >= Self.mostWaiting || !hasRoom
        let isAtEnd = running == 0 && window.ready == 0 && feed.isOver && !isOver(feed)
        let isToTell = isToLook && (record.inMemory != inMemory || record.totalItems == nil && feed.total != nil)
        var step: MapRunChildren?
        var keeps: [ExpressWindow.Keep] = []
        if window.ready > 0 && (isEnough || isDue) || isAtEnd || isToTell {
            (keeps, step) = self.step(feed, ofAll: !isEnough)
        } else if !isToLook {
            return
        }
        isToLook = false
        isKeeping = true
        keptAt = now
        group.addTask { [run, keeps, step] in
            do throws(Leaving) {
                if let step { try await run.submit(Self.step(step, keeping: keeps)) }
                return .kept(.success(try await run.record()))
            } catch {
                return .kept(.failure(error))
            }
        }
    }

    /// How many children run, as is told; one that has run and is not kept counts among them, as long as so many may.
    private var inMemory: ChildrenInMemory {
        var waiting = window.waiting
        waiting.children -= window.beingKept.children
        waiting.items -= window.beingKept.items
        guard waiting.children > most else { return waiting }
        return ChildrenInMemory(children: most, items: waiting.items * most / waiting.children)
    }

    /// What the next commit keeps, and how far the run is with it.
    private mutating func step(_ feed: ChildFeed, ofAll: Bool) -> ([ExpressWindow.Keep], MapRunChildren) {
        let (keeps, place) = window.take(ofAll: ofAll, children: Self.mostCommitted, bytes: Self.mostBytes)
        var step = MapRunChildren(
            work: run.work,
            run: run.id,
            cursor: place?.cursor ?? record.cursor ?? "null",
            items: place?.items ?? record.items,
            children: place?.children ?? record.children,
            total: feed.total
        )
        step.running = inMemory
        return (keeps, step)
    }

    private static func step(_ step: MapRunChildren, keeping keeps: [ExpressWindow.Keep]) -> MapRunChildren {
        var step = step
        step.results = keeps.map { keep in
            var text: [UInt8] = []
            text.reserveCapacity(keep.results.reduce(2) { $0 + $1.kept.count + 1 })
            for some in keep.results {
                text.append(text.isEmpty ? UInt8(ascii: "[") : UInt8(ascii: ","))
                text.append(contentsOf: some.kept)
            }
            text.append(UInt8(ascii: "]"))
            return ChildResults(
                firstChild: keep.first,
                children: keep.results.reduce(0) { $0 + $1.children },
                text: String(decoding: text, as: UTF8.self),
                counts: keep.results.reduce(MapRunCounts()) { $0 + $1.counts }
            )
        }
        return step
    }

    // MARK: Exporting

    /// Has kept results exported, unless others are being exported.
    private mutating func export(in group: inout TaskGroup<Event>) {
        guard let exporter, !isExporting, !exports.isEmpty else { return }
        let all = exports
        let bytes = all.reduce(0) { $0 + $1.byteCount }
        exports = []
        isExporting = true
        group.addTask { [run, record] in
            do throws(Leaving) {
                for one in all { try await run.export(one, of: record, to: exporter) }
                return .exported(bytes: bytes, nil)
            } catch {
                return .exported(bytes: bytes, error)
            }
        }
    }

    // MARK: Ending

    /// Ends what still runs, and keeps and exports what has come of all children that have begun.
    private mutating func end(_ feed: ChildFeed, in group: inout TaskGroup<Event>) async throws(Leaving) {
        while isKeeping || isExporting { try await takeNext(from: &group) }
        // Only children are cancelled, and what looks at the row.
        isEnding = true
        group.cancelAll()
        while running > 0 { try await takeNext(from: &group) }
        while !window.isEmpty || record.inMemory != ChildrenInMemory() {
            let (keeps, step) = step(feed, ofAll: true)
            try await run.submit(Self.step(step, keeping: keeps))
            record = try await run.record()
            takeKept()
        }
        guard let exporter else { return }
        for one in exports { try await run.export(one, of: record, to: exporter) }
        exports = []
    }
}
