/// The names of errors that the language itself knows, and which of them a Retrier or Catcher matches.
package enum ErrorName {
    package static let all = "States.ALL"
    package static let taskFailed = "States.TaskFailed"
    package static let timeout = "States.Timeout"
    package static let heartbeatTimeout = "States.HeartbeatTimeout"
    package static let permissions = "States.Permissions"
    package static let runtime = "States.Runtime"
    package static let dataLimitExceeded = "States.DataLimitExceeded"
    package static let branchFailed = "States.BranchFailed"
    package static let exceedToleratedFailureThreshold = "States.ExceedToleratedFailureThreshold"
    package static let itemReaderFailed = "States.ItemReaderFailed"
    package static let resultWriterFailed = "States.ResultWriterFailed"
    package static let queryEvaluationError = "States.QueryEvaluationError"
    package static let noChoiceMatched = "States.NoChoiceMatched"
    package static let intrinsicFailure = "States.IntrinsicFailure"
    package static let parameterPathFailure = "States.ParameterPathFailure"
    package static let resultPathMatchFailure = "States.ResultPathMatchFailure"

    /// Returns whether an error is one of those that `ErrorEquals` names.
    ///
    /// Case counts.
    ///
    /// - `States.Runtime` is matched by nothing, not even by its own name (recorded: `test_catch_states_runtime`).
    /// - `States.ALL` matches everything else. Documents except `States.DataLimitExceeded`; AWS was recorded to catch
    ///   one that a task's result caused (`test_states_errors`). One that a state's output caused is terminal, and
    ///   never gets here.
    /// - `States.TaskFailed` matches everything else but `States.Timeout`, and but `States.HeartbeatTimeout`, which is a
    ///   timeout too.
    /// - `States.Timeout` also matches `States.HeartbeatTimeout`: a silent heartbeat is a timeout.
    ///
    /// Source: reference §10, Amazon States Language "Appendix A", AWS "Handling errors".
    package static func isMatched(_ error: String, by errorEquals: [String]) -> Bool {
        guard error != runtime else { return false }
        let isTimeout = error == timeout || error == heartbeatTimeout
        return errorEquals.contains { name in
            switch name {
            case all: true
            case taskFailed: !isTimeout
            case timeout: isTimeout
            default: name == error
            }
        }
    }
}
