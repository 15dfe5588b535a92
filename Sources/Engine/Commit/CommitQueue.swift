import Lifecycle
package import Postgres
package import Store
import Synchronization
package import Telemetry

/// Commits what is submitted, in batches that form by themselves: while one commit is in flight, the next gathers.
///
/// No timer and no tuning (DESIGN §5). A batch that the database refuses is halved until the guilty submission stands
/// alone; one whose answer is lost is repeated, and the fence tells what had become of it. Forks, and ends of executions
/// and of siblings, that change many rows go by a connection of their own, so that they hold up no batch.
package final class CommitQueue: Runnable {
    private struct Ticket: Sendable {
        let submission: Submission
        /// Whether an earlier try may have been committed, its answer being lost.
        var isRepeated = false
        let reply: @Sendable (SubmissionResult) -> Void
    }

    private struct State {
        private var tickets: [Ticket?] = []
        /// The first that waits: the places before it are taken out many at once, since that moves all behind them.
        private var first = 0
        var isStopping = false

        var count: Int { tickets.count - first }

        var waiting: some Sequence<Ticket> { tickets[first...].lazy.compactMap(\.self) }

        /// Takes a ticket in, or says that none is taken any more.
        mutating func take(_ ticket: Ticket) -> Bool {
            if !isStopping { tickets.append(ticket) }
            return isStopping
        }

        /// Gives out the first so many.
        mutating func next(_ count: Int) -> [Ticket] {
            let batch = tickets[first..<first + count].compactMap(\.self)
            for index in first..<first + count { tickets[index] = nil }
            first += count
            if first >= max(1_000, tickets.count / 2) || first == tickets.count {
                tickets.removeFirst(first)
                first = 0
            }
            return batch
        }
    }

    private let store: Store
    private let connection: ConnectionSettings
    private let settings: EngineSettings
    private let clock: DatabaseClock
    /// Told of lanes that have work again because leases were given back.
    private let woken: @Sendable (Set<String>) -> Void
    private let logger: Logger
    private let small = Mutex(State())
    private let large = Mutex(State())
    private let (smallSignals, wakeSmall) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
    private let (largeSignals, wakeLarge) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
    /// How many rows one submission may change without going by the second connection (DESIGN §5).
    private static let mostRows = 500
    private let known = KnownRows()
    /// What it has done so far.
    package let counts = CommitCounts()
    private let measures: CommitMeasures
    /// What tells of commits in spans; `nil` where nobody is sent any.
    private let traces: TraceFeed?
    /// Who is told of commits; `nil` where nobody looks on.
    private let onlookers: Onlookers?

    package init(
        store: Store,
        connection: ConnectionSettings,
        settings: EngineSettings,
        clock: DatabaseClock,
        woken: @escaping @Sendable (Set<String>) -> Void = { _ in },
        measures: CommitMeasures = CommitMeasures(Metrics()),
        traces: TraceFeed? = nil,
        onlookers: Onlookers? = nil,
        logger: Logger
    ) {
        self.onlookers = onlookers
        self.traces = traces
        self.measures = measures
        self.store = store
        self.connection = connection
        self.settings = settings
        self.clock = clock
        self.woken = woken
        self.logger = logger
    }

    /// Submits one thing; its reply comes when it is committed, refused or given up.
    package func submit(_ submission: Submission, reply: @escaping @Sendable (SubmissionResult) -> Void) {
        let isLarge = submission.rowCount > Self.mostRows
        let ticket = Ticket(submission: submission, reply: reply)
        let isStopped = isLarge ? large.withLock { $0.take(ticket) } : small.withLock { $0.take(ticket) }
        if isStopped { return reply(.unknown("the process is ending")) }
        (isLarge ? wakeLarge : wakeSmall).yield()
    }

    /// Submits one thing and waits for what becomes of it.
    package func submit(_ submission: Submission) async -> SubmissionResult {
        await withCheckedContinuation { continuation in
            submit(submission) { continuation.resume(returning: $0) }
        }
    }

    package func run() async throws {
        await withDiscardingTaskGroup { group in
            group.addTask { await self.work(on: self.small, self.smallSignals, most: Self.mostRows) }
            group.addTask { await self.work(on: self.large, self.largeSignals, most: nil) }
        }
    }

    /// Commits what was submitted before, and refuses what comes after.
    package func stop() async {
        small.withLock { $0.isStopping = true }
        large.withLock { $0.isStopping = true }
        wakeSmall.finish()
        wakeLarge.finish()
    }

    private func work(on queue: borrowing Mutex<State>, _ signals: AsyncStream<Void>, most: Int?) async {
        let settings = connection.with { settings in
            settings.session.merge(Store.sessionForCommits) { $1 }
            if most == nil { settings.session.merge(Store.sessionForLargeCommits) { $1 } }
        }
        let link = Link(settings, logger: logger)
        for await _ in signals { await commitAll(queue, over: link, most: most) }
        await commitAll(queue, over: link, most: most)
        await link.close()
    }

    private func commitAll(_ queue: borrowing Mutex<State>, over link: Link, most: Int?) async {
        while true {
            await gather(in: queue)
            let batch = queue.withLock { state in
                state.next(batchLength(of: state, isLarge: most == nil))
            }
            guard !batch.isEmpty else { return }
            await commit(batch[...], over: link, most: most, isRepeated: batch.contains(where: \.isRepeated))
        }
    }

    /// Lets what this process has begun and can go on with at once come to its commit, too, while each turn brings more.
    ///
    /// Where many processes share a machine, what a commit's answer set off would otherwise find the next commit gone with the
    /// first few of it: small batches are what more workers on the same cores cost.
    private func gather(in queue: borrowing Mutex<State>) async {
        var count = queue.withLock { $0.count }
        while count > 0, count < settings.batchSize {
            await Task.yield()
            let before = count
            count = queue.withLock { $0.count }
            if count == before { return }
        }
    }

    /// How many of what waits the next commit takes; of large ones that end others, one.
    private func batchLength(of state: State, isLarge: Bool) -> Int {
        var bytes = 0
        var ends = 0
        for (index, ticket) in state.waiting.prefix(settings.batchSize).enumerated() {
            bytes += ticket.submission.byteCount
            if isLarge, ticket.submission.mayEndOthers { ends += 1 }
            if bytes > settings.batchBytes || ends > 1 { return max(1, index) }
        }
        return min(state.count, settings.batchSize)
    }

    /// Commits a batch, by halves where it must be.
    ///
    /// One that ends more than `most` open branches goes by the second connection; `nil`: this is that one.
    private func commit(_ batch: ArraySlice<Ticket>, over link: Link, most: Int?, isRepeated: Bool) async {
        var isRepeated = isRepeated
        var tries = 0
        while true {
            do {
                let connection = try await link.connection()
                let before = connection.roundTrips
                let began = ContinuousClock.now
                let answers = try await store.commit(
                    batch.map(\.submission),
                    on: connection,
                    isRepeated: isRepeated,
                    mostOpen: most,
                    at: clock.now,
                    known: known
                )
                counts.count(batch.count, roundTrips: connection.roundTrips - before)
                measures.count(batch.count, took: .now - began)
                for (ticket, answer) in zip(batch, answers) {
                    measures.count(ticket.submission, answer)
                    traces?.note(ticket.submission, answer)
                    onlookers?.note(ticket.submission, answer)
                    ticket.reply(.answer(answer))
                }
                if isRepeated { await reclaim(batch, answers) }
                return
            } catch {
                tries += 1
                switch error {
                case .conflict:
                    logger.debug("a commit conflicted and is tried again", [("reason", "\(error)")])
                    if tries >= 60 { return batch.forEach { $0.reply(.unknown("\(error)")) } }
                    try? await Task.sleep(for: .milliseconds(5 << min(tries, 6)))
                case .unavailable(let reason), .stoodStill(let reason):
                    isRepeated = true
                    known.forget()
                    await link.lost(reason)
                    if case .stoodStill = error, batch.count > 1 {
                        return await commitHalves(batch, over: link, most: most, isRepeated: isRepeated)
                    }
                    if tries >= 60 { return batch.forEach { $0.reply(.unknown(reason)) } }
                    try? await Task.sleep(for: .milliseconds(min(1_000, 20 << min(tries, 6))))
                case .tooManyOpen:
                    // Only a batch with ends in it is refused so, and only on the small queue's connection.
                    let rest = passOn(batch, isRepeated: isRepeated)
                    guard !rest.isEmpty else { return }
                    return await commit(rest[...], over: link, most: nil, isRepeated: isRepeated)
                case .refused, .unexpected:
                    guard batch.count > 1 else { return batch.forEach { $0.reply(.refused("\(error)")) } }
                    return await commitHalves(batch, over: link, most: most, isRepeated: isRepeated)
                }
            }
        }
    }

    private func commitHalves(_ batch: ArraySlice<Ticket>, over link: Link, most: Int?, isRepeated: Bool) async {
        let middle = batch.startIndex + batch.count / 2
        await commit(batch[..<middle], over: link, most: most, isRepeated: isRepeated)
        await commit(batch[middle...], over: link, most: most, isRepeated: isRepeated)
    }

    /// Hands the ends of a batch to the second connection; what is left is for this one, as is all once that one stops.
    private func passOn(_ batch: ArraySlice<Ticket>, isRepeated: Bool) -> [Ticket] {
        var rest: [Ticket] = []
        for ticket in batch {
            var ticket = ticket
            ticket.isRepeated = isRepeated
            if !ticket.submission.mayEndOthers || large.withLock({ $0.take(ticket) }) { rest.append(ticket) }
        }
        wakeLarge.yield()
        return rest
    }

    /// Gives back leases that an earlier try was given and nobody here knows of.
    private func reclaim(_ batch: ArraySlice<Ticket>, _ answers: [Answer]) async {
        for (ticket, answer) in zip(batch, answers) {
            guard let given = ticket.submission.given else { continue }
            switch answer {
            case .lost: break
            case .committed(let committed), .started(let committed):
                guard committed.wasBefore else { continue }
            default: continue
            }
            let lanes = await logger.trying("leases of a lost commit are not given back") { () throws(StoreError) in
                try await store.releaseUnknown(
                    in: given.execution,
                    of: given.worker,
                    from: given.first,
                    count: given.count
                )
            }
            // What is not given back now is found when its worker next asks what it holds.
            if let lanes, !lanes.isEmpty { woken(lanes) }
        }
    }
}
