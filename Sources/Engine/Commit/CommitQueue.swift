import Lifecycle
package import Postgres
package import Store
import Synchronization
package import Telemetry

/// Commits what is submitted, in batches that form by themselves: while one commit is in flight, the next gathers.
///
/// No timer and no tuning (DESIGN §5). A batch that the database refuses is halved until the guilty submission stands
/// alone; one whose answer is lost is repeated, and the fence tells what had become of it. Large forks go by a connection
/// of their own, so that they hold up no batch.
package final class CommitQueue: Runnable {
    private struct Ticket: Sendable {
        let submission: Submission
        let reply: @Sendable (SubmissionResult) -> Void
    }

    private struct State {
        var waiting: [Ticket] = []
        var isStopping = false

        /// Takes a ticket in, or says that none is taken any more.
        mutating func take(_ ticket: Ticket) -> Bool {
            if !isStopping { waiting.append(ticket) }
            return isStopping
        }
    }

    private let store: Store
    private let connection: ConnectionSettings
    private let settings: EngineSettings
    private let clock: DatabaseClock
    private let logger: Logger
    private let small = Mutex(State())
    private let large = Mutex(State())
    private let (smallSignals, wakeSmall) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
    private let (largeSignals, wakeLarge) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
    /// What it has done so far.
    package let counts = CommitCounts()

    package init(
        store: Store,
        connection: ConnectionSettings,
        settings: EngineSettings,
        clock: DatabaseClock,
        logger: Logger
    ) {
        self.store = store
        self.connection = connection
        self.settings = settings
        self.clock = clock
        self.logger = logger
    }

    /// Submits one thing; its reply comes when it is committed, refused or given up.
    package func submit(_ submission: Submission, reply: @escaping @Sendable (SubmissionResult) -> Void) {
        let isLarge = submission.rowCount > 500
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
            group.addTask { await self.work(on: self.small, self.smallSignals) }
            group.addTask { await self.work(on: self.large, self.largeSignals) }
        }
    }

    /// Commits what was submitted before, and refuses what comes after.
    package func stop() async {
        small.withLock { $0.isStopping = true }
        large.withLock { $0.isStopping = true }
        wakeSmall.finish()
        wakeLarge.finish()
    }

    private func work(on queue: borrowing Mutex<State>, _ signals: AsyncStream<Void>) async {
        let link = Link(connection, logger: logger)
        for await _ in signals { await commitAll(queue, over: link) }
        await commitAll(queue, over: link)
        await link.close()
    }

    private func commitAll(_ queue: borrowing Mutex<State>, over link: Link) async {
        while true {
            let batch = queue.withLock { state in
                let count = batchLength(state.waiting)
                defer { state.waiting.removeFirst(count) }
                return Array(state.waiting.prefix(count))
            }
            guard !batch.isEmpty else { return }
            await commit(batch[...], over: link, isRepeated: false)
        }
    }

    /// How many of what waits the next commit takes.
    private func batchLength(_ waiting: [Ticket]) -> Int {
        var bytes = 0
        for (index, ticket) in waiting.prefix(settings.batchSize).enumerated() {
            bytes += ticket.submission.byteCount
            if bytes > settings.batchBytes { return max(1, index) }
        }
        return min(waiting.count, settings.batchSize)
    }

    private func commit(_ batch: ArraySlice<Ticket>, over link: Link, isRepeated: Bool) async {
        var isRepeated = isRepeated
        var tries = 0
        while true {
            do {
                let connection = try await link.connection()
                let before = connection.roundTrips
                let answers = try await store.commit(
                    batch.map(\.submission),
                    on: connection,
                    isRepeated: isRepeated,
                    at: clock.now
                )
                counts.count(batch.count, roundTrips: connection.roundTrips - before)
                for (ticket, answer) in zip(batch, answers) { ticket.reply(.answer(answer)) }
                if isRepeated { await reclaim(batch, answers) }
                return
            } catch {
                tries += 1
                switch error {
                case .conflict:
                    logger.debug("a commit conflicted and is tried again", [("reason", "\(error)")])
                    if tries >= 60 { return batch.forEach { $0.reply(.unknown("\(error)")) } }
                    try? await Task.sleep(for: .milliseconds(5 << min(tries, 6)))
                case .unavailable(let reason):
                    isRepeated = true
                    await link.lost(reason)
                    if tries >= 60 { return batch.forEach { $0.reply(.unknown(reason)) } }
                    try? await Task.sleep(for: .milliseconds(min(1_000, 20 << min(tries, 6))))
                case .refused, .unexpected:
                    guard batch.count > 1 else { return batch.forEach { $0.reply(.refused("\(error)")) } }
                    let middle = batch.startIndex + batch.count / 2
                    await commit(batch[..<middle], over: link, isRepeated: isRepeated)
                    await commit(batch[middle...], over: link, isRepeated: isRepeated)
                    return
                }
            }
        }
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
            do {
                _ = try await store.releaseUnknown(
                    in: given.execution,
                    of: given.worker,
                    from: given.first,
                    count: given.count
                )
            } catch {
                logger.warning("leases of a lost commit were not given back", [("reason", "\(error)")])
            }
        }
    }
}

/// What commits have cost.
package final class CommitCounts: Sendable {
    package struct Values: Sendable {
        package var commits = 0
        package var submissions = 0
        package var roundTrips = 0
    }

    private let values = Mutex(Values())

    package var now: Values { values.withLock { $0 } }

    func count(_ submissions: Int, roundTrips: Int) {
        values.withLock { values in
            values.commits += 1
            values.submissions += submissions
            values.roundTrips += roundTrips
        }
    }
}
