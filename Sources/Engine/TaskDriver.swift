package import Interpreter
package import JSON
package import Tracing

/// Performs the Tasks of a worker.
///
/// Resources are told apart by their lanes.
package struct TaskDriver: Sendable {
    /// The lanes that this process serves, for others to know; `*` is every function.
    package var lanes: @Sendable () -> [String]
    /// Whether this process can perform what needs this lane.
    package var serves: @Sendable (_ lane: String) -> Bool
    /// How many attempts of this lane it performs at once; `nil` is any number.
    package var places: @Sendable (_ lane: String) -> Int?
    /// What those are places of: lanes that name one function in several ways share them.
    package var pool: @Sendable (_ lane: String) -> String
    /// Whether an attempt whose worker was lost fails instead of being performed again.
    package var failsOnWorkerLoss: @Sendable (_ request: TaskRequest) -> Bool
    /// Performs an attempt; cancelled when nobody waits for it any more.
    package var perform: @Sendable (_ attempt: Attempt) async -> Outcome

    package init(
        lanes: @escaping @Sendable () -> [String],
        serves: @escaping @Sendable (_ lane: String) -> Bool,
        places: @escaping @Sendable (_ lane: String) -> Int? = { _ in nil },
        pool: @escaping @Sendable (_ lane: String) -> String = { $0 },
        failsOnWorkerLoss: @escaping @Sendable (_ request: TaskRequest) -> Bool = { _ in false },
        perform: @escaping @Sendable (_ attempt: Attempt) async -> Outcome
    ) {
        self.lanes = lanes
        self.serves = serves
        self.places = places
        self.pool = pool
        self.failsOnWorkerLoss = failsOnWorkerLoss
        self.perform = perform
    }

    /// An attempt of a Task, as a driver sees it.
    package struct Attempt: Sendable {
        package var request: TaskRequest
        /// A UUID that execution, branch and transition determine: the same when the attempt is performed again because
        /// its worker was lost, and never another attempt's.
        package var requestID: String
        /// The execution's ARN.
        package var execution: String
        /// How long it may take; `nil` is for ever.
        package var time: Duration?
        /// What is passed on to whatever performs it, so that its spans belong to the execution's; `nil` is nothing.
        package var trace: TraceContext?

        package init(
            request: TaskRequest,
            requestID: String,
            execution: String,
            time: Duration? = nil,
            trace: TraceContext? = nil
        ) {
            self.trace = trace
            self.request = request
            self.requestID = requestID
            self.execution = execution
            self.time = time
        }
    }

    /// What came of an attempt.
    package enum Outcome: Sendable {
        case succeeded(JSONText)
        case failed(Failure)
        /// The driver itself saw its time run out.
        case timedOut
    }
}
