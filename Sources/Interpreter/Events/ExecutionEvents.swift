package import JSON
package import StatesLanguage

/// The events of executions, states and groups, each with the members that reference §17 lists.
extension HistoryEvent {
    package static func executionStarted(_ execution: ExecutionInfo) -> HistoryEvent {
        var details: [(name: String, value: HistoryEvent.Field)] = [
            ("input", .payload(execution.input)), ("roleArn", .text(execution.roleARN)),
        ]
        if let alias = execution.stateMachineAliasID { details.append(("stateMachineAliasArn", .text(alias))) }
        if let version = execution.stateMachineVersionID { details.append(("stateMachineVersionArn", .text(version))) }
        return HistoryEvent(.executionStarted, after: .none, details: details)
    }

    package static func executionSucceeded(output: JSONText, after previous: Previous) -> HistoryEvent {
        HistoryEvent(.executionSucceeded, after: previous, details: [("output", .payload(output))])
    }

    package static func executionFailed(_ failure: Failure, after previous: Previous) -> HistoryEvent {
        HistoryEvent(.executionFailed, after: previous, details: failure.details)
    }

    package static func executionAborted(_ failure: Failure) -> HistoryEvent {
        HistoryEvent(.executionAborted, after: .none, details: failure.details)
    }

    package static func executionTimedOut() -> HistoryEvent {
        HistoryEvent(.executionTimedOut, after: .none, details: Failure.timedOut.details)
    }

    package static func mapStateStarted(length: Int, after previous: Previous) -> HistoryEvent {
        HistoryEvent(.mapStateStarted, after: previous, details: [("length", .number(length))])
    }

    package static func mapRunStarted(arn: String, after previous: Previous) -> HistoryEvent {
        HistoryEvent(.mapRunStarted, after: previous, details: [("mapRunArn", .text(arn))])
    }

    /// MapIterationStarted, -Succeeded, -Failed or -Aborted: they carry the Map state's name, not the iteration's state.
    package static func mapIteration(
        _ type: HistoryEventType,
        map: String,
        index: Int,
        after previous: Previous
    ) -> HistoryEvent {
        HistoryEvent(type, after: previous, details: [("name", .text(map)), ("index", .number(index))])
    }
}

extension Failure {
    /// `error` and `cause`, each where it is known.
    var details: [(name: String, value: HistoryEvent.Field)] {
        var details: [(name: String, value: HistoryEvent.Field)] = []
        if let error { details.append(("error", .text(error))) }
        if let cause { details.append(("cause", .text(cause))) }
        return details
    }
}
