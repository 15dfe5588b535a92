package import JSON
package import StatesLanguage

extension HistoryEvent {
    package static func stateEntered(
        _ type: StateType,
        name: String,
        input: JSONText,
        after previous: Previous
    ) -> HistoryEvent {
        HistoryEvent(type.entered, after: previous, details: [("name", .text(name)), ("input", .payload(input))])
    }

    /// An expression of a state could not be evaluated.
    package static func evaluationFailed(
        _ failure: Failure,
        in state: String,
        at location: String?,
        after previous: Previous
    ) -> HistoryEvent {
        var details = failure.details
        if let location { details.append(("location", .text(location))) }
        return HistoryEvent(.evaluationFailed, after: previous, details: details + [("state", .text(state))])
    }

    /// A state's exit, with what it assigned; a Fail state has none.
    ///
    /// Values are texts of JSON: recorded, test_base_cases[BASE_CONSTANT_LITERALS].
    package static func stateExited(
        _ type: StateType,
        name: String,
        output: JSONText,
        assigned: JSONObject = [:],
        after previous: Previous
    ) -> HistoryEvent {
        var details: [(name: String, value: HistoryEvent.Field)] = [
            ("name", .text(name)), ("output", .payload(output)),
        ]
        if !assigned.isEmpty {
            let texts = JSONObject(assigned.map { ($0.key, JSONValue.string($0.value.text)) })
            details.append(("assignedVariables", .json(.object(texts))))
        }
        return HistoryEvent(type.exited, after: previous, details: details)
    }
}

extension StateType {
    var entered: HistoryEventType {
        switch self {
        case .task: .taskStateEntered
        case .pass: .passStateEntered
        case .choice: .choiceStateEntered
        case .wait: .waitStateEntered
        case .succeed: .succeedStateEntered
        case .fail: .failStateEntered
        case .parallel: .parallelStateEntered
        case .map: .mapStateEntered
        }
    }

    /// A Fail state never exits; it gets its Entered, so that this is total.
    var exited: HistoryEventType {
        switch self {
        case .task: .taskStateExited
        case .pass: .passStateExited
        case .choice: .choiceStateExited
        case .wait: .waitStateExited
        case .succeed: .succeedStateExited
        case .fail: .failStateEntered
        case .parallel: .parallelStateExited
        case .map: .mapStateExited
        }
    }

    /// What a state that is left unfinished gets, where AWS has such an event.
    var aborted: HistoryEventType? {
        switch self {
        case .task: .taskStateAborted
        case .wait: .waitStateAborted
        case .parallel: .parallelStateAborted
        case .map: .mapStateAborted
        case .pass, .choice, .succeed, .fail: nil
        }
    }
}
