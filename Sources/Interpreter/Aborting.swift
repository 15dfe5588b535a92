package import StatesLanguage

extension Interpreter {
    /// Returns what ends a branch from outside, because a sibling or an ancestor's sibling failed.
    ///
    /// For an iteration that has begun MapIterationAborted, then …StateAborted of the state it stood in, for the types that
    /// have such an event. Each has as previous event the one that caused it, the failing state's: `.chain` stands for that
    /// one here, not for the branch's own chain. A branch that has not begun leaves nothing.
    /// Source: reference §17, recorded test_service_lambda_map_timeout.
    package func aborted(_ branch: Branch) -> [HistoryEvent] {
        guard branch.phase != .starting else { return [] }
        var events: [HistoryEvent] = []
        if case .iteration(let index) = branch.kind {
            let map = definition.container(of: branch.state)?.name ?? ""
            events.append(.mapIteration(.mapIterationAborted, map: map, index: index, after: .chain))
        }
        if branch.phase == .distributed { events.append(HistoryEvent(.mapRunAborted, after: .chain)) }
        if branch.phase != .entering, let type = definition.state(named: branch.state)?.type.aborted {
            events.append(HistoryEvent(type, after: .chain))
        }
        return events
    }

    /// Returns the …TimedOut of a branch that is being aborted although its attempt's deadline has passed as well.
    ///
    /// Siblings that began together time out together; only one can be the first. This event is of the branch's own chain,
    /// and comes before what ``aborted(_:)`` gives. Source: recorded test_service_lambda_map_timeout.
    package func timedOut(_ branch: Branch, at now: Timestamp) -> HistoryEvent? {
        guard branch.phase == .performing || branch.phase == .awaiting, let deadline = branch.deadline, deadline <= now,
            case .task(let task)? = definition.state(named: branch.state)?.body
        else { return nil }
        return TaskEvents(of: task.resource).timedOut(after: .chain)
    }
}
