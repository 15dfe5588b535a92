package import JSON

/// An error as the states language knows it.
///
/// Either part may be absent, as in a Fail state without `Error`.
package struct Failure: Sendable, Equatable {
    package var error: String?
    package var cause: String?

    package init(error: String?, cause: String?) {
        self.error = error
        self.cause = cause
    }
}

extension Failure {
    static let timedOut = Failure(error: "States.Timeout", cause: nil)

    /// The Error Output: what a catcher hands on, and what stands in a Map's result for an iteration whose failure is
    /// tolerated.
    ///
    /// Both members are always there: a timeout's cause is empty, what a failure does not say is null. Source: recorded
    /// test_invoke_timeout and test_sqs_failure_in_wait_for_task_tok_no_error_field.
    package var errorOutput: JSONValue {
        let unsaid: JSONValue = error == "States.Timeout" ? .string("") : .null
        return .object([
            "Error": error.map(JSONValue.string) ?? .null,
            "Cause": cause.map(JSONValue.string) ?? unsaid,
        ])
    }
}
