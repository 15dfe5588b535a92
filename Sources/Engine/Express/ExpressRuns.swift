import Lifecycle
import StatesLanguage
import Store
import Synchronization
import Telemetry

/// Runs asynchronous executions of Express machines in memory, each kept as a row until it ends.
///
/// One whose worker died runs again from its start, at another: at least once, as AWS's (DESIGN §3).
package final class ExpressRuns: Runnable {
    private struct State {
        var running: [ExecutionID: Task<Void, Never>] = [:]
        var isStopping = false
        /// Whether some may be left over for which there was no room.
        var mayBeMore = false
        var perform: (@Sendable (ExpressRow) async -> Bool)?
    }

    private let store: Store
    private let capacity: Int
    private let interval: Duration
    private let worker: @Sendable () -> WorkerID?
    private let logger: Logger
    private let state = Mutex(State())
    private let alarm = Alarm()

    init(
        store: Store,
        capacity: Int,
        interval: Duration,
        worker: @escaping @Sendable () -> WorkerID?,
        logger: Logger
    ) {
        self.store = store
        self.capacity = capacity
        self.interval = interval
        self.worker = worker
        self.logger = logger
    }

    /// Says what runs one, and returns whether it could: the engine, of which this is a part.
    func connect(_ perform: @escaping @Sendable (ExpressRow) async -> Bool) {
        state.withLock { $0.perform = perform }
    }

    /// Who runs an execution that begins here now; `nil` leaves it to anyone.
    var holder: WorkerID? {
        state.withLock { !$0.isStopping && $0.running.count < capacity } ? worker() : nil
    }

    /// Runs an execution whose row names this worker, unless this process already does, under a number that it had before.
    func begin(_ row: ExpressRow) {
        state.withLock { state in
            guard let perform = state.perform, !state.isStopping, state.running[row.id] == nil else { return }
            state.running[row.id] = Task {
                let hasEnded = await perform(row)
                // A stop may cut it short: its row stays, and another worker runs it again.
                if !Task.isCancelled {
                    if hasEnded { await self.forget(row.id) } else { await self.leave(row.id) }
                }
                let mayBeMore = self.state.withLock { state in
                    state.running[row.id] = nil
                    return state.mayBeMore
                }
                if mayBeMore { self.alarm.ring() }
            }
        }
    }

    package func run() async throws {
        while !state.withLock({ $0.isStopping }), !Task.isCancelled {
            let began = ContinuousClock.now
            if let worker = worker(), await takeUp(for: worker) { continue }
            // Notifications come as fast as executions begin: looking is a third of what is done here at most.
            try? await Task.sleep(for: min(interval, began.duration(to: .now) * 2))
            await alarm.sleep(atMost: interval)
        }
        let running = state.withLock { Array($0.running.values) }
        await withTaskCancellationHandler {
            for task in running { await task.value }
        } onCancel: {
            for task in running { task.cancel() }
        }
    }

    /// Says that some may be left to anyone.
    func wake() { alarm.ring() }

    /// Takes none up any more; those that run go on to their end, unless ``run()`` is cancelled.
    package func stop() async {
        state.withLock { $0.isStopping = true }
        alarm.ring()
    }

    /// Takes some up; returns whether there may be more, and room for them.
    private func takeUp(for worker: WorkerID) async -> Bool {
        let room = state.withLock { state in
            // Said first: one that ends from here on makes room, and rings.
            state.mayBeMore = true
            return capacity - state.running.count
        }
        guard room > 0 else { return false }
        let limit = min(room, 100)
        do {
            let rows = try await store.takeExpress(for: worker, limit: limit)
            for row in rows { begin(row) }
            if rows.count == limit { return true }
        } catch {
            logger.debug("no Express executions were taken up", [("reason", "\(error)")])
        }
        state.withLock { $0.mayBeMore = false }
        return false
    }

    /// Leaves an execution to anyone, after a while: what kept it from being run may pass.
    private func leave(_ id: ExecutionID) async {
        try? await Task.sleep(for: .seconds(5))
        guard let worker = worker() else { return }
        _ = await logger.trying("an Express execution is not left to others") { () throws(StoreError) in
            try await store.leaveExpress(id, by: worker)
        }
    }

    private func forget(_ id: ExecutionID) async {
        _ = await logger.trying("an Express execution that ended is not forgotten") { () throws(StoreError) in
            try await store.forgetExpress([id])
        }
    }
}
