import Engine
import Foundation
import Interpreter
import JSON
import Lifecycle
import StatesLanguage
import Synchronization

/// What performs the Tasks of a run in memory: the same functions as in a service.
struct LocalTasks: Sendable {
    private let performing: Performing
    private let execution: String
    private let functions: String?
    private let output: Output
    /// The Resources that were spoken of already.
    private let told = Told()

    init(
        _ settings: ProcessSettings,
        environment: [String: String],
        execution: String,
        output: Output
    ) throws(CommandFailure) {
        performing = try Performing(settings, environment: environment)
        try performing.tellMissing(to: output, refusing: false)
        functions = settings.functions
        self.output = output
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
        case .failed(let failure):
            tellUnserved(request, failure)
            return .failed(failure)
        case .timedOut: return .timedOut(heartbeat: false)
        }
    }

    /// Says, once for each Resource that nothing here performs, what to do about it.
    private func tellUnserved(_ request: TaskRequest, _ failure: Failure) {
        let isMissing = failure.error == "Lambda.ResourceNotFoundException"
        guard !performing.driver.serves(request.resource.lane) || isMissing, told.isNew(request.resource.lane) else {
            return
        }
        let text = request.resource.text
        switch request.resource.kind {
        case .function:
            output.note("Hint: nothing serves \(text): \(remedy)")
        case .service(let service) where service.isLambdaInvoke:
            let name = request.input.value["FunctionName"]?.string ?? "its function"
            output.note("Hint: nothing serves \(name): \(remedy)")
        case .service(let service) where service.isStepFunctions:
            output.note("Hint: \(text) needs a service: 'braid run --durable', or 'braid dev'.")
        case .activity:
            output.note("Hint: \(text) is an activity, whose worker needs a service: 'braid dev'.")
        case .service(let service) where service.isObjectStore:
            output.note("Hint: \(text) needs an object store: --objects PLACE names one.")
        case .service: output.note("Hint: nothing in Braid performs \(text).")
        }
    }

    private var remedy: String {
        functions.map { "add it to the functions file \($0)." } ?? "no --functions FILE was given."
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

/// What has been said already.
private final class Told: Sendable {
    private let names = Mutex<Set<String>>([])

    func isNew(_ name: String) -> Bool { names.withLock { $0.insert(name).inserted } }
}
