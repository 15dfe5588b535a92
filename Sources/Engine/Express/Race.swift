import Synchronization

/// What comes first: one waits, several may end the waiting, of whom the first counts.
package final class Race<Outcome: Sendable>: Sendable {
    private enum State {
        case open
        case waiting(CheckedContinuation<Outcome, Never>)
        case ended(Outcome)
        case over
    }

    private let state = Mutex(State.open)

    package init() {}

    package func end(with outcome: Outcome) {
        let waiter = state.withLock { state -> CheckedContinuation<Outcome, Never>? in
            switch state {
            case .open: state = .ended(outcome)
            case .waiting(let continuation):
                state = .over
                return continuation
            case .ended, .over: break
            }
            return nil
        }
        waiter?.resume(returning: outcome)
    }

    /// What came first, if anything has.
    var ended: Outcome? {
        state.withLock { state in if case .ended(let outcome) = state { outcome } else { nil } }
    }

    /// Waits for the first; once.
    package func outcome() async -> Outcome {
        await withCheckedContinuation { continuation in
            let outcome = state.withLock { state -> Outcome? in
                guard case .ended(let outcome) = state else {
                    state = .waiting(continuation)
                    return nil
                }
                state = .over
                return outcome
            }
            if let outcome { continuation.resume(returning: outcome) }
        }
    }
}
