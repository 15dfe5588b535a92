import Engine
import JSON
import Store

/// An answer that says why an operation was not done, by AWS's names and in its words.
///
/// Source: reference §19.
package struct ServiceError: Error, Equatable, CustomStringConvertible {
    /// AWS's name for it, such as `StateMachineDoesNotExist`.
    package let name: String
    package let message: String
    /// 400 for what the caller can mend, 500 and above for what it cannot.
    package let status: Int
    /// The namespace that AWS writes before the name; clients cut it off.
    let namespace: String
    /// Members beside the message.
    let members: [String: String]

    init(
        _ name: String,
        _ message: String,
        status: Int = 400,
        namespace: String = "com.amazonaws.swf.service.v2.model",
        members: [String: String] = [:]
    ) {
        self.name = name
        self.message = message
        self.status = status
        self.namespace = namespace
        self.members = members
    }

    package var description: String { "\(name): \(message)" }

    /// The body of the response.
    var body: JSONObject {
        var body: JSONObject = ["__type": .string("\(namespace)#\(name)"), "message": .string(message)]
        for (name, value) in members { body[name] = .string(value) }
        return body
    }
}

// MARK: - What every operation may answer

extension ServiceError {
    private static let coral = "com.amazon.coral.service"

    /// Constraints of the model that a request does not meet.
    static func validation(_ message: String, reason: String? = nil) -> ServiceError {
        ServiceError(
            "ValidationException",
            message,
            namespace: "com.amazon.coral.validate",
            members: reason.map { ["reason": $0] } ?? [:]
        )
    }

    /// A state machine's ARN with a Map state's label, where only machines are taken.
    static var labelledARN: ServiceError {
        validation(
            "Labelled state machine ARNs are not supported by this operation",
            reason: "API_DOES_NOT_SUPPORT_LABELED_ARNS"
        )
    }

    /// A body that is not JSON, or a member of another type than the model's.
    static func serialization(_ message: String) -> ServiceError {
        ServiceError("SerializationException", message, namespace: coral)
    }

    /// No action, or none that the service knows.
    static func unknownOperation(_ message: String) -> ServiceError {
        ServiceError("UnknownOperationException", message, namespace: coral)
    }

    static func tooLarge(limit: Int) -> ServiceError {
        ServiceError(
            "RequestEntityTooLargeException",
            "The request is larger than the \(limit) bytes that this service takes.",
            status: 413,
            namespace: coral
        )
    }

    /// A request that a browser made for a page from elsewhere.
    static let foreignOrigin = ServiceError(
        "AccessDeniedException",
        "Requests that a browser makes for pages from other hosts are refused.",
        status: 403,
        namespace: coral
    )

    /// The service itself failed; clients try again.
    static let `internal` = ServiceError(
        "InternalFailure",
        "The request processing has failed because of an unknown error, exception or failure.",
        status: 500,
        namespace: coral
    )

    /// As many as may run at once do; clients try again.
    static let throttled = ServiceError(
        "ThrottlingException",
        "Rate exceeded",
        namespace: "com.amazon.coral.availability"
    )

    /// The database cannot be reached; clients try again.
    static let unavailable = ServiceError(
        "ServiceUnavailable",
        "The request has failed due to a temporary failure of the server.",
        status: 503,
        namespace: coral
    )

    /// What the store's failure means to a client; details are for the log.
    init(_ error: StoreError) {
        switch error {
        case .unavailable, .stoodStill, .conflict: self = .unavailable
        case .refused, .tooManyOpen, .unexpected: self = .internal
        }
    }
}

// MARK: - What operations on state machines and executions answer

extension ServiceError {
    init(_ error: ARNError) { self.init("InvalidArn", "Invalid Arn: '\(error)'") }

    static func invalidName(_ name: String) -> ServiceError { ServiceError("InvalidName", "Invalid Name: '\(name)'") }

    static let invalidToken = ServiceError("InvalidToken", "Invalid Token: 'Invalid token'")

    static func stateMachineDoesNotExist(_ arn: String) -> ServiceError {
        ServiceError("StateMachineDoesNotExist", "State Machine Does Not Exist: '\(arn)'")
    }

    static func stateMachineAlreadyExists(_ arn: StateMachineARN) -> ServiceError {
        ServiceError("StateMachineAlreadyExists", "State Machine Already Exists: '\(arn)'")
    }

    static func stateMachineDeleting(_ arn: StateMachineARN) -> ServiceError {
        ServiceError("StateMachineDeleting", "State Machine is being deleted: '\(arn)'")
    }

    static let stateMachineTypeNotSupported = ServiceError(
        "StateMachineTypeNotSupported",
        "This operation is not supported by this type of state machine"
    )

    static func executionDoesNotExist(_ arn: String) -> ServiceError {
        ServiceError("ExecutionDoesNotExist", "Execution Does Not Exist: '\(arn)'")
    }

    static func executionNotRedrivable(_ reason: String) -> ServiceError {
        ServiceError("ExecutionNotRedrivable", reason)
    }

    static func executionAlreadyExists(_ arn: ExecutionARN) -> ServiceError {
        ServiceError("ExecutionAlreadyExists", "Execution Already Exists: '\(arn)'")
    }

    static func invalidExecutionInput(_ reason: String) -> ServiceError {
        ServiceError("InvalidExecutionInput", "Invalid State Machine Execution Input: '\(reason)'")
    }

    static func activityDoesNotExist(_ arn: String) -> ServiceError {
        ServiceError("ActivityDoesNotExist", "Activity Does Not Exist: '\(arn)'")
    }

    /// What has changed meanwhile, or is in use.
    static func conflict(_ message: String) -> ServiceError { ServiceError("ConflictException", message) }

    static func tooManyTags(_ arn: String) -> ServiceError {
        ServiceError(
            "TooManyTags",
            "A resource can have at most \(TagList.limit) tags.",
            members: ["resourceName": arn]
        )
    }

    static func resourceNotFound(_ arn: String) -> ServiceError {
        ServiceError("ResourceNotFound", "Resource not found: '\(arn)'", members: ["resourceName": arn])
    }
}
