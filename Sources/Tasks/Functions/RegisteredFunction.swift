package import JSON

/// A function that this process itself performs.
package struct RegisteredFunction: Sendable {
    /// What a handler is told beside its event.
    package struct Context: Sendable {
        /// The same when an attempt is performed again because its worker was lost, and never another attempt's.
        package let requestID: String
        /// The ARN by which the function was invoked.
        package let invokedFunctionARN: String
        /// When the caller gives up; `nil` is never.
        package let deadline: ContinuousClock.Instant?
    }

    /// Performs the function; its task is cancelled when nobody waits for the result any more.
    package typealias Handler = @Sendable (_ event: JSONText, _ context: Context) async throws -> JSONText

    /// The function's name or ARN.
    package let reference: FunctionReference
    /// How many invocations may run at once; `nil` is any number.
    package let concurrency: Int?
    /// What becomes of an attempt whose worker is lost while it runs.
    package let onWorkerLoss: FunctionDefinition.OnWorkerLoss
    let handler: Handler

    package init(
        _ name: String,
        concurrency: Int? = nil,
        onWorkerLoss: FunctionDefinition.OnWorkerLoss = .retry,
        handler: @escaping Handler
    ) {
        reference = FunctionReference(name)
        self.concurrency = concurrency
        self.onWorkerLoss = onWorkerLoss
        self.handler = handler
    }

    /// Performs an invocation.
    ///
    /// An error's type is the failure's name, unless it is a ``FunctionFailure``.
    func invoke(_ invocation: Invocation) async -> InvocationOutcome {
        let context = Context(
            requestID: invocation.requestID,
            invokedFunctionARN: invocation.arn,
            deadline: invocation.deadline
        )
        do {
            let result = try await handler(invocation.payload, context)
            return .success(payload: result, InvocationResponse(requestID: invocation.requestID))
        } catch let failure as FunctionFailure {
            return .failure(error: failure.error, cause: failure.cause)
        } catch  where Task.isCancelled {
            return .cancelled
        } catch {
            let name = "\(type(of: error))"
            let payload: JSONValue = ["errorMessage": .string("\(error)"), "errorType": .string(name)]
            return .failure(error: name, cause: payload.text)
        }
    }
}

/// A failure by a name that Retry and Catch can match, thrown by a handler.
package struct FunctionFailure: Error, Equatable, CustomStringConvertible {
    /// The error's name.
    package let error: String
    /// Its cause.
    package let cause: String

    package init(error: String, cause: String = "") {
        self.error = error
        self.cause = cause
    }

    package var description: String { error }
}
