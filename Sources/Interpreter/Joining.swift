import JSON
import StatesLanguage

/// How a Parallel or Map goes on once its children have ended. Source: reference §12, §13, §17.
extension Walk {
    /// The children's outputs are the state's result.
    ///
    /// …StateSucceeded stands beside the chain: the exit has the same previous event. Source: recorded-behaviour.md.
    ///
    /// - Parameters:
    ///   - state: The group.
    ///   - outputs: The children's, as an array.
    ///   - before: What the exit follows, where that is not the end of the chain.
    /// - Returns: What comes next.
    /// - Throws: What keeps the output from being made.
    mutating func join(
        _ state: State,
        with outputs: JSONText,
        leavingAfter before: HistoryEvent.Previous? = nil
    ) throws(Fault) -> Step {
        guard let group = state.group else { return misfit(.joined(outputs)) }
        guard outputs.byteCount <= limits.maxPayloadBytes else {
            return failJoin(of: state, with: .resultTooLarge(of: state.name), retrying: false)
        }
        appendAside(HistoryEvent(group.succeeded, after: previous))
        let output = try output(of: group.dataFlow, in: state, result: outputs)
        let scope = queryScope(in: state, result: outputs)
        let assigned = try assigned(by: group.dataFlow.assign, from: outputs, in: state, scope)
        return try leave(state, with: output, assigning: assigned, to: group.successor, after: before)
    }

    /// The state fails with its child's failure, once its Retry gives no more.
    ///
    /// Retry is not asked (`retrying`) where the same children would give as long a result again.
    mutating func failJoin(of state: State, with failure: Failure, retrying: Bool = true) -> Step {
        guard let group = state.group else { return misfit(.childFailed(failure, toleranceExceeded: false)) }
        return handle(failure, in: state, retrying: retrying, lastWord: group.failed)
    }
}

/// What a Parallel and a Map have in common when their children have ended.
struct Group {
    let succeeded: HistoryEventType
    let failed: HistoryEventType
    let dataFlow: DataFlow
    let successor: Successor
}

extension State {
    var group: Group? {
        switch body {
        case .parallel(let state):
            Group(
                succeeded: .parallelStateSucceeded,
                failed: .parallelStateFailed,
                dataFlow: state.dataFlow,
                successor: state.successor
            )
        case .map(let state):
            Group(
                succeeded: .mapStateSucceeded,
                failed: .mapStateFailed,
                dataFlow: state.dataFlow,
                successor: state.successor
            )
        case .task, .pass, .choice, .wait, .succeed, .fail: nil
        }
    }
}

extension Failure {
    /// Source: reference §14; AWS has it for distributed Maps only.
    package static let thresholdExceeded = Failure(
        error: ErrorName.exceedToleratedFailureThreshold,
        cause: "The specified tolerated failure threshold was exceeded"
    )
}
