import JSON
import StatesLanguage

/// Why the interpreter itself ends a state's work.
///
/// A task's or a child's failure is no fault: it is a ``Failure``.
struct Fault: Error {
    var error: String
    /// What went wrong, without the words that name the state.
    var cause: String
    /// Whether the cause begins with the state's name and the id of its Entered event.
    var namesState = true
    /// Whether Retry and Catch are asked.
    ///
    /// They refuse `States.Runtime` themselves.
    var isCatchable = true
    /// Set where an expression could not be evaluated: EvaluationFailed says so.
    var evaluation: QueryFailure?
}

extension Fault {
    init(_ error: DataFlowError) {
        self.init(error: error.errorName, cause: error.cause)
    }

    init(_ failure: QueryFailure) {
        self.init(error: ErrorName.queryEvaluationError, cause: failure.cause, evaluation: failure)
    }

    static func runtime(_ cause: String) -> Fault {
        Fault(error: ErrorName.runtime, cause: cause)
    }

    /// A state's output is too long: the execution fails at once, with no exit event.
    ///
    /// Source: recorded test_start_large_input.
    static func outputTooLarge(of subject: String) -> Fault {
        Fault(
            error: ErrorName.dataLimitExceeded,
            cause: Failure.resultTooLarge(of: subject).cause ?? "",
            namesState: false,
            isCatchable: false
        )
    }

    /// What a state assigns is too long, by itself or with all that was assigned before.
    ///
    /// AWS's text for it is not known. Source: reference §3, quotas.
    static func variablesTooLarge(of subject: String) -> Fault {
        Fault(
            error: ErrorName.dataLimitExceeded,
            cause: "The state/task '\(subject)' assigned variables with a size exceeding the maximum number of bytes "
                + "service limit.",
            namesState: false,
            isCatchable: false
        )
    }

    /// What a Task would be given is too long.
    static func parametersTooLarge(for subject: String) -> Fault {
        Fault(
            error: ErrorName.dataLimitExceeded,
            cause: "The state/task '\(subject)' provided parameters with a size exceeding the maximum number of bytes "
                + "service limit.",
            namesState: false,
            isCatchable: false
        )
    }
}

extension Failure {
    /// A result that is too long: it can be caught.
    ///
    /// Source: recorded test_task_lambda_data_limit_exceeded_on_large_utf8_response.
    package static func resultTooLarge(of subject: String) -> Failure {
        Failure(
            error: ErrorName.dataLimitExceeded,
            cause: "The state/task '\(subject)' returned a result with a size exceeding the maximum number of bytes "
                + "service limit."
        )
    }
}
