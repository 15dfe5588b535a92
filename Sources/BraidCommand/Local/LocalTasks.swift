import Engine
import Foundation
import Interpreter
import Lifecycle
import StatesLanguage

/// What performs the Tasks of a run in memory: the same functions as in a service.
struct LocalTasks: Sendable {
    private let performing: Performing
    private let execution: String

    init(_ settings: ProcessSettings, environment: [String: String], execution: String) throws(CommandFailure) {
        performing = try Performing(settings, environment: environment)
        self.execution = execution
    }

    /// Performs one attempt.
    @Sendable func perform(_ request: TaskRequest) async -> Happening {
        let attempt = TaskDriver.Attempt(
            request: request,
            requestID: UUID().uuidString.lowercased(),
            execution: execution
        )
        switch await performing.driver.perform(attempt) {
        case .succeeded(let result): return .succeeded(result)
        case .failed(let failure): return .failed(failure)
        case .timedOut: return .timedOut(heartbeat: false)
        }
    }

    /// Has the functions' processes run while the body runs.
    func running<Value: Sendable>(_ body: () async -> Value) async throws -> Value {
        let group = PartGroup(performing.parts, grace: .seconds(2))
        let running = Task { try await group.run() }
        let value = await body()
        group.stop()
        try await running.value
        return value
    }
}
