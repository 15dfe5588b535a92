import Lifecycle
package import Store
import Synchronization
package import Telemetry

/// Tells other processes, by NOTIFY, that there is work in lanes, and that leases are gone.
///
/// Outside every hot transaction, since NOTIFY takes a global lock: the first at once, those of the next 5 ms joined
/// (DESIGN §5). Nothing depends on a notification: who misses one finds out by itself, later.
package final class Notifier: Runnable {
    private struct State {
        var lanes: Set<String> = []
        var revoked: [(key: BranchKey, lease: Lease)] = []
        var hasExpress = false
        var isStopping = false
    }

    private let store: Store
    private let logger: Logger
    private let state = Mutex(State())
    private let (signals, signal) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))

    package init(store: Store, logger: Logger) {
        self.store = store
        self.logger = logger
    }

    /// Says that branches of these lanes are ready.
    package func wake(_ lanes: Set<String>) {
        state.withLock { $0.lanes.formUnion(lanes) }
        signal.yield()
    }

    /// Says that these leases were taken away.
    package func revoke(_ leases: [(key: BranchKey, lease: Lease)]) {
        state.withLock { $0.revoked += leases }
        signal.yield()
    }

    /// Says that an Express execution is left to anyone.
    func wakeExpress() {
        state.withLock { $0.hasExpress = true }
        signal.yield()
    }

    package func run() async throws {
        for await _ in signals {
            let (lanes, revoked, hasExpress) = state.withLock { state in
                defer {
                    state.lanes = []
                    state.revoked = []
                    state.hasExpress = false
                }
                return (state.lanes, state.revoked, state.hasExpress)
            }
            do {
                try await store.notify(lanes: lanes, revoked: revoked, hasExpress: hasExpress)
            } catch {
                logger.debug("nobody was notified", [("reason", "\(error)")])
            }
            try? await Task.sleep(for: .milliseconds(5))
        }
    }

    package func stop() async { signal.finish() }
}
