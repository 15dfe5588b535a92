import Lifecycle
import Synchronization

/// Where a worker leaves an invocation for one process, and that process its answer.
///
/// One invocation at a time. The process's end settles what it has not answered.
final class InvocationDesk: Sendable {
    /// What becomes of an invocation that a process did not answer.
    typealias Ending = @Sendable (_ requestID: String) -> InvocationOutcome

    private enum Phase {
        /// The process has not asked for anything yet.
        case starting
        /// It waits for an invocation, or has answered its last.
        case ready
        /// It works on one.
        case working(requestID: String)
        /// It is over, or cannot start.
        case ended(Ending)
    }

    /// Takes the invocation that a process has asked for; `nil` when it may not ask now, or nobody will answer.
    typealias Poll = @Sendable (Invocation?) -> Void

    private struct State {
        var phase = Phase.starting
        var lastPoll = 0
        var poll: Poll?
        var offered: Invocation?
        var answer: CheckedContinuation<InvocationOutcome?, Never>?
    }

    /// Opens when the process asks for its first invocation.
    let ready = Gate()
    private let state = Mutex(State())

    /// Who goes on, and with what, once the lock is released.
    ///
    /// Nobody is told under it: what is told takes locks of its own, under which it may be waiting for this one.
    private struct Released {
        var polls: [(Poll, Invocation?)] = []
        var answers: [(CheckedContinuation<InvocationOutcome?, Never>, InvocationOutcome?)] = []
    }

    // MARK: The worker's side

    /// Has the process perform an invocation as soon as it asks for one, and returns what came of it.
    ///
    /// - Returns: The outcome; `nil` when a process that had worked before was gone before it asked, so that nothing was
    ///   begun.
    func perform(_ invocation: Invocation) async -> InvocationOutcome? {
        await withCheckedContinuation { continuation in
            change { state, released in
                state.answer = continuation
                state.offered = invocation
                if case .ended(let ending) = state.phase {
                    settleEnded(&state, ending, &released)
                } else {
                    Self.handOver(&state, &released)
                }
            }
        }
    }

    /// Says that the process has ended, or will not get far; only the first word counts.
    func end(_ ending: @escaping Ending) {
        change { state, released in
            if case .ended = state.phase { return }
            let phase = state.phase
            state.phase = .ended(ending)
            Self.endPoll(&state, &released)
            if case .working(let requestID) = phase {
                Self.answer(ending(requestID), &state, &released)
            } else {
                settleEnded(&state, ending, &released)
            }
        }
    }

    /// Answers an invocation that the process has not fetched, and will not.
    private func settleEnded(_ state: inout State, _ ending: Ending, _ released: inout Released) {
        guard let invocation = state.offered else { return }
        let outcome = ending(invocation.requestID)
        // Why a process could not start is the invocation's failure; that an idle one died is not.
        let isOwn = !ready.isOpen || outcome == .cancelled
        state.offered = nil
        Self.answer(isOwn ? outcome : nil, &state, &released)
    }

    // MARK: The process's side

    /// Has the process given the next invocation, when there is one.
    ///
    /// - Returns: What it is given up by.
    func next(_ poll: @escaping Poll) -> Int {
        let number = state.withLock { state -> Int? in
            switch state.phase {
            case .starting: state.phase = .ready
            case .ready: break
            case .working, .ended: return nil
            }
            state.lastPoll += 1
            return state.lastPoll
        }
        guard let number else {
            poll(nil)
            return 0
        }
        if !ready.isOpen { ready.open() }
        change { state, released in
            guard case .ready = state.phase, state.lastPoll == number else {
                return released.polls.append((poll, nil))
            }
            Self.endPoll(&state, &released)
            state.poll = poll
            Self.handOver(&state, &released)
        }
        return number
    }

    /// Says that nobody waits any more for what was to be given; what has been asked since is not meant.
    func giveUp(_ number: Int) {
        change { state, released in
            if state.lastPoll == number { Self.endPoll(&state, &released) }
        }
    }

    /// Takes an answer; returns whether it is one to the present invocation.
    func settle(_ requestID: String, _ outcome: InvocationOutcome) -> Bool {
        change { state, released in
            guard case .working(requestID) = state.phase else { return false }
            state.phase = .ready
            Self.answer(outcome, &state, &released)
            return true
        }
    }

    /// Takes the reason why the process cannot start.
    func failStart(_ outcome: InvocationOutcome) {
        guard !ready.isOpen else { return }
        end { _ in outcome }
    }

    // MARK: Changes

    /// Changes the state under the lock, and then lets go on whom the change has released.
    private func change<T: Sendable>(_ body: (inout State, inout Released) -> T) -> T {
        var released = Released()
        let result = state.withLock { body(&$0, &released) }
        for (poll, invocation) in released.polls { poll(invocation) }
        for (answer, outcome) in released.answers { answer.resume(returning: outcome) }
        return result
    }

    private static func endPoll(_ state: inout State, _ released: inout Released) {
        if let poll = state.poll { released.polls.append((poll, nil)) }
        state.poll = nil
    }

    private static func answer(_ outcome: InvocationOutcome?, _ state: inout State, _ released: inout Released) {
        if let answer = state.answer { released.answers.append((answer, outcome)) }
        state.answer = nil
    }

    private static func handOver(_ state: inout State, _ released: inout Released) {
        guard let waiting = state.poll, let invocation = state.offered else { return }
        state.poll = nil
        state.offered = nil
        state.phase = .working(requestID: invocation.requestID)
        released.polls.append((waiting, invocation))
    }
}
