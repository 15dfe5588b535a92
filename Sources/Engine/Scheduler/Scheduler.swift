import Lifecycle
package import Postgres
import Store
import Synchronization
package import Telemetry

/// Sees to what nobody's lease covers: executions past their deadline, leases of dead workers, retention.
///
/// Any number may run; the one that holds the lock works, the others wait for it. The lock is its session's, so when that
/// process dies another takes over within a second. Its duties do not wait for one another: no takeover stands still while
/// old executions are deleted. Two who both think themselves elected do no harm: each duty may be done twice.
package final class Scheduler: Runnable {
    let engine: Engine
    let logger: Logger
    private let connection: ConnectionSettings
    private let isStopping = Mutex(false)
    private let alarm = Alarm()
    let nested = Duty("nested executions", every: .seconds(5)) { try await $0.engine.settleNested(.all) }
    let nextSweep = Mutex(ContinuousClock.now)
    private let duties: [Duty]

    package init(engine: Engine, connection: ConnectionSettings, logger: Logger) {
        self.engine = engine
        self.connection = connection
        self.logger = logger
        duties = [
            Duty("lapsed workers", every: .milliseconds(250)) { try await $0.takeOver() },
            Duty("deadlines", every: .milliseconds(250)) { try await $0.endOverdue() },
            nested,
            Duty("deletions", every: .seconds(5)) { _ = try await $0.engine.store.finishDeletions() },
            Duty("retention", every: .seconds(3_600)) { try await $0.tidy() },
        ]
    }

    /// Whether it does nothing more.
    var isOver: Bool { isStopping.withLock { $0 } || Task.isCancelled }

    package func stop() async {
        isStopping.withLock { $0 = true }
        alarm.ring()
        for duty in duties { duty.alarm.ring() }
    }

    package func run() async throws {
        let link = Link(connection, logger: logger)
        while !isOver {
            do {
                if try await isElected(link) {
                    logger.info("this process is the scheduler")
                    try await serve(link)
                }
            } catch {
                logger.warning("the scheduler could not work", [("reason", "\(error)")])
                await link.lost("\(error)")
            }
            if !isOver { await alarm.sleep(atMost: .seconds(1)) }
        }
        await link.close()
    }

    private func isElected(_ link: Link) async throws(StoreError) -> Bool {
        try await engine.store.takeSchedulerLock(on: try await link.connection())
    }

    /// Does the duties, side by side, for as long as this process holds the lock.
    private func serve(_ link: Link) async throws {
        try await withThrowingDiscardingTaskGroup { group in
            for duty in duties { group.addTask { await self.keep(duty) } }
            // Asked every time: the session that holds the lock may be another by now.
            while !isOver {
                guard try await isElected(link) else { return group.cancelAll() }
                await alarm.sleep(atMost: .milliseconds(250))
            }
        }
    }

    private func keep(_ duty: Duty) async {
        while !isOver {
            var pause = duty.pause
            do { try await duty.work(self) } catch {
                guard !isOver else { return }
                logger.warning("the scheduler could not work", [("duty", duty.name), ("reason", "\(error)")])
                pause = min(max(pause, .seconds(1)), .seconds(60))
            }
            await duty.alarm.sleep(atMost: pause)
        }
    }
}

/// What a scheduler does again and again.
struct Duty: Sendable {
    let name: String
    /// How long it waits after it was done.
    let pause: Duration
    /// Ends that wait.
    let alarm = Alarm()
    let work: @Sendable (Scheduler) async throws -> Void

    init(
        _ name: String,
        every pause: Duration,
        _ work: @escaping @Sendable (Scheduler) async throws -> Void
    ) {
        self.name = name
        self.pause = pause
        self.work = work
    }
}
