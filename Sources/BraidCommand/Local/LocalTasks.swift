import Interpreter
import StatesLanguage

/// What performs the Tasks of a run in memory.
struct LocalTasks {
    init(_ invocation: Invocation) throws {}

    @Sendable func perform(_ request: TaskRequest) async -> Happening {
        .failed(Failure(error: "States.TaskFailed", cause: "nothing serves \(request.resource.text)"))
    }

    /// Runs the functions' processes while the body runs.
    func running<Value: Sendable>(_ body: () async -> Value) async throws -> Value { await body() }
}
