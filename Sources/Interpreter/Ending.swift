import JSON
import StatesLanguage

/// How a branch ends, and how a state's work ends by the interpreter's own finding.
extension Walk {
    /// A place in a walk to go back to.
    struct Mark {
        fileprivate let branch: Branch
        fileprivate let events: Int
        fileprivate let chainEnd: Int?

        init(_ walk: Walk) {
            branch = walk.branch
            events = walk.eventCount
            chainEnd = walk.chainEnd
        }
    }

    /// Ends a state's work by a fault: its Retry and Catch are asked, unless the fault is beyond them.
    ///
    /// A cause holds the id of the state's Entered. Where that is not known yet the walk settles: it goes back to just
    /// after Entered, so that the work is done again once the id is known.
    mutating func end(_ state: State, by fault: Fault, since before: Mark) -> Step {
        guard keepsEvents else { return .pause(.proceed) }
        if fault.namesState, let entered, nextEventID == nil, entered < before.events {
            events.removeSubrange(before.events...)
            chainEnd = before.chainEnd
            branch = before.branch
            return .pause(.proceed)
        }
        let failure = failure(of: fault, in: state)
        noteEvaluation(of: fault, as: failure, in: state)
        guard fault.isCatchable else { return fail(with: failure, in: state) }
        let isJoined = events[min(before.events, events.count)...].contains { $0.type == state.group?.succeeded }
        return handle(failure, in: state, lastWord: fault.evaluation == nil || isJoined ? nil : state.group?.failed)
    }

    /// Writes EvaluationFailed where a fault is that.
    ///
    /// Right after the state's Entered it has that one's previous event, but for a Wait's; recorded-behaviour.md. Where Entered
    /// was committed before, it has the last event of the chain, as after any other.
    mutating func noteEvaluation(of fault: Fault, as failure: Failure, in state: State) {
        guard let evaluation = fault.evaluation else { return }
        var previous = previous
        if keepsEvents, let entered, chainEnd == entered, state.type != .wait { previous = events[entered].previous }
        append(.evaluationFailed(failure, in: state.name, at: evaluation.location, after: previous))
    }

    /// The failure that a fault is, with the words that name the state.
    ///
    /// A test has one state and no events: its causes go without them (recorded test_state_map_context_object).
    func failure(of fault: Fault, in state: State) -> Failure {
        guard fault.namesState, probe == nil else { return Failure(error: fault.error, cause: fault.cause) }
        let id = entered.flatMap { index in nextEventID.map { $0 + index } } ?? branch.enteredEventID ?? 0
        return Failure(
            error: fault.error,
            cause: "An error occurred while executing the state '\(state.name)' (entered at the event id #\(id)). "
                + fault.cause
        )
    }

    /// Ends the branch with an output.
    mutating func complete(with output: JSONText) -> Step {
        switch branch.kind {
        case .root: append(keepsEvents ? .executionSucceeded(output: output, after: previous) : nil)
        case .iteration(let index): appendAside(iteration(.mapIterationSucceeded, index: index))
        case .branch: break
        }
        return .pause(.complete(output))
    }

    /// Ends the branch with a failure that nothing in it caught.
    ///
    /// A Task that fails inside a Parallel or Map also gets its TaskStateAborted, beside what ends an iteration.
    /// Source: recorded test_service_lambda_map_timeout, test_parallel_catch_error.
    mutating func fail(with failure: Failure, in state: State?) -> Step {
        switch branch.kind {
        case .root: append(.executionFailed(failure, after: previous))
        case .iteration(let index): appendAside(iteration(.mapIterationFailed, index: index))
        case .branch: break
        }
        if branch.kind != .root, state?.type == .task {
            appendAside(HistoryEvent(.taskStateAborted, after: previous))
        }
        return .pause(.fail(failure))
    }

    /// Fails the branch with `States.Runtime`, whatever its states would catch.
    mutating func broken(_ cause: String) -> Step {
        let isInState = branch.phase != .starting && branch.phase != .entering
        return fail(
            with: Failure(error: ErrorName.runtime, cause: cause),
            in: isInState ? definition.state(named: branch.state) : nil
        )
    }

    func iteration(_ type: HistoryEventType, index: Int) -> HistoryEvent {
        let map = definition.container(of: branch.state)?.name ?? ""
        return .mapIteration(type, map: map, index: index, after: previous)
    }
}
