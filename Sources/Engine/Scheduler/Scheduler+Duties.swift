import Store
import Synchronization
import Telemetry

extension Scheduler {
    /// Declares lapsed workers dead, and takes back leases that nobody holds.
    func takeOver() async throws(StoreError) {
        let settings = engine.settings
        let lapsed = try await engine.store.endLapsedWorkers(
            after: settings.lapse,
            withoutSession: settings.lapseWithoutSession
        )
        if lapsed > 0 { logger.warning("workers lapsed; their branches are taken over", [("workers", lapsed)]) }
        // Looking for leases that nobody alive holds reads all that are held: so when somebody died, and now and then.
        guard lapsed > 0 || ContinuousClock.now >= nextSweep.withLock({ $0 }) else { return }
        let began = ContinuousClock.now
        nextSweep.withLock { $0 = began + .seconds(5) }
        var lanes: Set<String> = []
        while true {
            let released = try await engine.store.releaseLeases()
            lanes.formUnion(released.lanes)
            if !released.more { break }
        }
        // It takes long where somebody's old snapshot keeps what led to every lease since; then it comes more seldom.
        let end = ContinuousClock.now
        let took: Duration = end - began
        nextSweep.withLock { $0 = end + max(.seconds(5), took * 20) }
        if !lanes.isEmpty { engine.wake(lanes) }
        // A dead process may have left ends of nested executions untold.
        if lapsed > 0 { nested.alarm.ring() }
    }

    /// Ends executions whose time is up.
    func endOverdue() async throws(StoreError) {
        let ended = try await engine.endOverdueExecutions()
        if ended > 0 { logger.info("executions timed out", [("executions", ended)]) }
    }

    /// Makes room for the weeks to come, and forgets what is kept no longer.
    func tidy() async throws(StoreError) {
        try await engine.store.ensureHistoryPartitions()
        try await engine.store.forgetWorkers()
        guard let retention = engine.settings.retention else { return }
        while try await engine.store.forgetExecutions(endedBefore: retention) > 0, !isOver {}
        while !isOver, let partition = try await engine.store.dropHistory(olderThan: retention) {
            logger.info("a week of history was dropped", [("partition", partition)])
        }
    }
}
