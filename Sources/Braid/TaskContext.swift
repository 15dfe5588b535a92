import Tasks

/// What a handler is told beside its event.
public struct TaskContext: Sendable {
    /// The same when an attempt is performed again because its worker was lost, and never another attempt's: what a handler
    /// with outside effects tells repetitions by.
    public let requestID: String
    /// The ARN by which the function was invoked.
    public let functionARN: String
    /// When the state's TimeoutSeconds have passed; `nil` is never.
    public let deadline: ContinuousClock.Instant?

    init(_ context: RegisteredFunction.Context) {
        requestID = context.requestID
        functionARN = context.invokedFunctionARN
        deadline = context.deadline
    }
}

/// A failure by a name that Retry and Catch can match.
public struct TaskError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The error's name, such as `TooManyRequestsException`.
    public let name: String
    /// Its cause.
    public let cause: String

    /// Makes a failure of that name.
    public init(_ name: String, cause: String = "") {
        self.name = name
        self.cause = cause
    }

    public var description: String { cause.isEmpty ? name : "\(name): \(cause)" }
}
