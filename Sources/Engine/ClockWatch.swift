import Lifecycle
import Store
import Synchronization
import Telemetry

/// Reads the database's time every few seconds, in a process whose clock no worker's heartbeat sets.
final class ClockWatch: Runnable {
    private let store: Store
    private let clock: DatabaseClock
    private let logger: Logger
    private let isStopping = Mutex(false)
    private let alarm = Alarm()

    init(store: Store, clock: DatabaseClock, logger: Logger) {
        self.store = store
        self.clock = clock
        self.logger = logger
    }

    func run() async throws {
        while !isStopping.withLock({ $0 }), !Task.isCancelled {
            let asked = ContinuousClock.now
            do {
                clock.set(try await store.databaseTime(), askedAt: asked)
            } catch {
                logger.debug("the database's time is not known anew", [("reason", "\(error)")])
            }
            await alarm.sleep(atMost: .seconds(5))
        }
    }

    func stop() async {
        isStopping.withLock { $0 = true }
        alarm.ring()
    }
}
