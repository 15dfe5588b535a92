import Lifecycle
import Postgres
import Store
import Synchronization
import Telemetry

/// Says every second that a worker lives, on a session that others can see.
///
/// When the database says that the worker was declared dead, or has not answered for so long that it may have been,
/// ``isAlive`` is false for ever, before any of its leases can be taken (DESIGN §5).
final class Heartbeat: Sendable {
    private struct State {
        var isAlive = true
        var isStopping = false
        var lastAnswer = ContinuousClock.now
        /// Whether its session is there, as far as it knows: without one others wait for it less long.
        var hasSession = true
    }

    private let worker: WorkerID
    private let parts: WorkerParts
    private let incarnation: Incarnation
    private let link: Link
    private let state = Mutex(State())
    private let alarm = Alarm()
    /// Rings when what is said of its life is not true any more.
    private let change = Alarm()

    init(worker: WorkerID, parts: WorkerParts, incarnation: Incarnation) {
        self.worker = worker
        self.parts = parts
        self.incarnation = incarnation
        link = Link(
            parts.connection.with { $0.connectTimeout = .seconds(2) },
            logger: parts.logger,
            prepare: { [store = parts.store] connection throws(StoreError) in
                try await store.holdSession(of: worker, on: connection)
            }
        )
    }

    var isAlive: Bool { timeLeft() != nil }

    /// How long it is alive if no further heartbeat is answered; `nil` if it is dead.
    private func timeLeft() -> Duration? {
        state.withLock { state in
            let settings = parts.settings
            let limit = state.hasSession ? settings.selfLapse : settings.lapseWithoutSession - .milliseconds(200)
            let left = limit - (ContinuousClock.now - state.lastAnswer)
            if left <= .zero { state.isAlive = false }
            return state.isAlive ? left : nil
        }
    }

    /// Returns once it is dead, or stopped; the moment it dies, even while a heartbeat waits for its answer.
    func untilOver() async {
        while !state.withLock({ $0.isStopping }), !Task.isCancelled, let left = timeLeft() {
            await change.sleep(atMost: left)
        }
    }

    func run() async {
        while isAlive, !state.withLock({ $0.isStopping }) {
            let hasSession = state.withLock { $0.hasSession }
            await alarm.sleep(atMost: hasSession ? parts.settings.heartbeatInterval : .milliseconds(50))
            if state.withLock({ $0.isStopping }) { break }
            _ = await beat()
        }
        await link.close()
    }

    func stop() async {
        state.withLock { $0.isStopping = true }
        alarm.ring()
        change.ring()
    }

    /// Says once that the worker lives; false if it does not.
    func beat() async -> Bool {
        let asked = ContinuousClock.now
        do {
            let connection = try await link.connection()
            guard let answer = try await parts.store.heartbeat(worker, lanes: parts.driver.lanes(), on: connection)
            else {
                parts.logger.error(
                    "this worker was declared dead; it drops its work and begins anew",
                    [("worker", worker)]
                )
                state.withLock { $0.isAlive = false }
                change.ring()
                return false
            }
            parts.clock.set(answer.now, askedAt: asked)
            state.withLock { state in
                state.lastAnswer = asked
                state.hasSession = true
            }
            incarnation.yield(.neighbours(count: answer.aliveWorkers))
            if !answer.revoked.isEmpty { incarnation.yield(.revoked(answer.revoked)) }
        } catch {
            parts.logger.warning("a heartbeat was not answered", [("worker", worker), ("reason", "\(error)")])
            state.withLock { $0.hasSession = false }
            change.ring()
            if case .unavailable(let reason) = error { await link.lost(reason) }
        }
        return isAlive
    }
}
