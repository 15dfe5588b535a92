import Lifecycle
package import Postgres
import Store
import Synchronization
package import Telemetry

/// Sees to what nobody's lease covers: executions past their deadline, leases of dead workers, retention.
///
/// Any number may run; the one that holds the lock works, the others wait for it. The lock is its session's, so when that
/// process dies another takes over within a second.
package final class Scheduler: Runnable {
    private let engine: Engine
    private let connection: ConnectionSettings
    private let logger: Logger
    private let isStopping = Mutex(false)
    private let nextSweep = Mutex(ContinuousClock.now)
    private let alarm = Alarm()

    package init(engine: Engine, connection: ConnectionSettings, logger: Logger) {
        self.engine = engine
        self.connection = connection
        self.logger = logger
    }

    package func stop() async {
        isStopping.withLock { $0 = true }
        alarm.ring()
    }

    package func run() async throws {
        let link = Link(connection, logger: logger)
        var isElected = false
        var nextHour = ContinuousClock.now
        while !isStopping.withLock({ $0 }), !Task.isCancelled {
            do {
                // Asked every time: the session that holds the lock may be another by now.
                let holds = try await engine.store.takeSchedulerLock(on: try await link.connection())
                if holds, !isElected { logger.info("this process is the scheduler") }
                isElected = holds
                if holds {
                    try await sweep()
                    if ContinuousClock.now >= nextHour {
                        try await tidy()
                        nextHour = .now + .seconds(3_600)
                    }
                }
            } catch {
                isElected = false
                logger.warning("the scheduler could not work", [("reason", "\(error)")])
                await link.lost("\(error)")
            }
            await alarm.sleep(atMost: isElected ? .milliseconds(250) : .seconds(1))
        }
        await link.close()
    }

    /// Declares lapsed workers dead, takes back leases that nobody holds, ends executions whose time is up.
    private func sweep() async throws(StoreError) {
        let settings = engine.settings
        let lapsed = try await engine.store.endLapsedWorkers(
            after: settings.lapse,
            withoutSession: settings.lapseWithoutSession
        )
        if lapsed > 0 { logger.warning("workers lapsed; their branches are taken over", [("workers", lapsed)]) }
        let ended = try await engine.endOverdueExecutions()
        if ended > 0 { logger.info("executions timed out", [("executions", ended)]) }
        // Looking for leases that nobody alive holds reads all that are held: so when somebody died, and now and then.
        guard lapsed > 0 || ContinuousClock.now >= nextSweep.withLock({ $0 }) else { return }
        nextSweep.withLock { $0 = .now + .seconds(5) }
        var lanes: Set<String> = []
        while true {
            let released = try await engine.store.releaseLeases()
            lanes.formUnion(released.lanes)
            if !released.more { break }
        }
        if !lanes.isEmpty { engine.wake(lanes) }
        try await engine.settleNested(.all)
    }

    private func tidy() async throws(StoreError) {
        try await engine.store.ensureHistoryPartitions()
        _ = try await engine.store.finishDeletions()
        try await engine.store.forgetWorkers()
        guard let retention = engine.settings.retention else { return }
        while try await engine.store.forgetExecutions(endedBefore: retention) > 0, !isStopping.withLock({ $0 }) {}
        for partition in try await engine.store.dropHistory(olderThan: retention) {
            logger.info("a week of history was dropped", [("partition", partition)])
        }
    }
}
