import Synchronization

/// Says that more items have failed than may as soon as they have, while others that run beside them go on.
final class FailureLimit: Sendable {
    fileprivate struct State {
        var failed = 0
        /// `nil`: any number may fail.
        var most: Int?
    }

    private let state = Mutex(State())
    private let passing = Race<Void>()

    /// How many items have failed that the run knows of, and how many may.
    func set(failed: Int, most: Int?) {
        let isPassed = state.withLock { state in
            state.most = most
            state.failed = max(state.failed, failed)
            return state.isPassed
        }
        if isPassed { passing.end(with: ()) }
    }

    func countFailed(_ items: Int) {
        let isPassed = state.withLock { state in
            state.failed += items
            return state.isPassed
        }
        if isPassed { passing.end(with: ()) }
    }

    var isPassed: Bool { state.withLock { $0.isPassed } }

    /// Ends the waiting for it.
    func close() { passing.end(with: ()) }

    /// Waits until it is passed, or closed; once.
    func pass() async { await passing.outcome() }
}

extension FailureLimit.State {
    fileprivate var isPassed: Bool { most.map { failed > $0 } ?? false }
}
