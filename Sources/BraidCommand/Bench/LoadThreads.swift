import Lifecycle
import Synchronization

/// Load that blocks, each piece on a thread of its own.
enum LoadThreads {
    private struct State {
        var left: Int
        var latencies: [Double] = []
        var failure: (any Error)?
        var waiter: CheckedContinuation<Void, Never>?
    }

    /// Has so many threads do the work, each in turn with its number, and returns how long each piece took, in milliseconds.
    static func run(
        _ count: Int,
        _ work: @escaping @Sendable (_ thread: Int) throws -> [Double]
    ) async throws -> [Double] {
        let shared = Shared(State(left: count))
        await withCheckedContinuation { continuation in
            shared.state.withLock { $0.waiter = continuation }
            for thread in 0..<count {
                let started = SystemThread.start {
                    let result = Result { try work(thread) }
                    shared.end(result)
                }
                if !started { shared.end(.failure(CommandFailure(.failure, "the system has no thread left"))) }
            }
        }
        return try shared.state.withLock { state in
            if let failure = state.failure { throw failure }
            return state.latencies
        }
    }

    private final class Shared: Sendable {
        let state: Mutex<State>

        init(_ state: sending State) { self.state = Mutex(state) }

        func end(_ result: Result<[Double], any Error>) {
            let waiter = state.withLock { state -> CheckedContinuation<Void, Never>? in
                switch result {
                case .success(let latencies): state.latencies += latencies
                case .failure(let error): state.failure = error
                }
                state.left -= 1
                return state.left == 0 ? state.waiter : nil
            }
            waiter?.resume()
        }
    }
}
