import API
import Engine
import Foundation
import Interpreter
import JSON
import StatesLanguage

/// The executions that Tasks of a run in memory start: of the state machines that the same file holds.
///
/// They end with the run. `states:startExecution` in all its patterns, and SendTaskSuccess and SendTaskFailure of
/// `aws-sdk:sfn`, by which they answer whoever waits.
actor LocalMachines {
    /// Performs what is no call of Step Functions.
    typealias Performer = @Sendable (_ request: TaskRequest, _ execution: String) async -> Happening

    private struct Child {
        let end: Task<NestedEnd, Never>
    }

    private let definitions: [NamedDefinition]
    private let arns: ARNs
    private let skipsWaits: Bool
    private let others: Performer
    private var children: [String: Child] = [:]
    /// The names that are taken, with their machines'.
    private var names: Set<String> = []
    private var answers: [String: (stream: AsyncStream<Happening>, send: AsyncStream<Happening>.Continuation)] = [:]

    init(_ definitions: [NamedDefinition], arns: ARNs, skipsWaits: Bool, others: @escaping Performer) {
        self.definitions = definitions
        self.arns = arns
        self.skipsWaits = skipsWaits
        self.others = others
    }

    /// Performs an attempt of an execution's Task.
    func perform(_ request: TaskRequest, of execution: String) async -> Happening {
        guard case .service(let service) = request.resource.kind, service.isStepFunctions else {
            return await others(request, execution)
        }
        guard service.isSDK else { return start(request, service.pattern) }
        let parameters = request.input.value
        guard let token = parameters["TaskToken"]?.string else {
            let cause = "Only a service performs \(request.resource.text): try --durable."
            return .failed(Failure(error: ErrorName.taskFailed, cause: cause))
        }
        let happening: Happening =
            switch service.action {
            case "sendTaskSuccess":
                .succeeded(parameters["Output"].map { Self.payload($0) } ?? JSONText(.null))
            case "sendTaskFailure":
                .failed(Failure(error: parameters["Error"]?.string, cause: parameters["Cause"]?.string))
            default:
                .failed(Failure(error: ErrorName.taskFailed, cause: "Only a service performs this: try --durable."))
            }
        if ["sendTaskSuccess", "sendTaskFailure"].contains(service.action) {
            answer(to: token).send.yield(happening)
            return .succeeded(JSONText(.object([:])))
        }
        return happening
    }

    /// Waits for what ends an attempt from outside; cancelled when nobody wants to know any more, which stops a child.
    func end(of request: TaskRequest) async -> Happening {
        guard let token = request.token else {
            return .failed(Failure(error: ErrorName.taskFailed, cause: "The task has no token."))
        }
        if request.resource.awaitsExecution, let child = children[token] {
            guard case .service(let service) = request.resource.kind else { return .timedOut(heartbeat: false) }
            let end = await withTaskCancellationHandler {
                await child.end.value
            } onCancel: {
                child.end.cancel()
            }
            switch end.meaning(isStructured: service.pattern == .sync2, by: arns) {
            case .result(let result): return .succeeded(result)
            case .failure(let failure): return .failed(failure)
            }
        }
        for await happening in answer(to: token).stream { return happening }
        return .failed(Failure(error: ErrorName.taskFailed, cause: "The run was ended."))
    }

    /// Ends what still runs.
    func stop() async {
        for child in children.values { child.end.cancel() }
        for child in children.values { _ = await child.end.value }
    }

    private func answer(
        to token: String
    ) -> (stream: AsyncStream<Happening>, send: AsyncStream<Happening>.Continuation) {
        if let known = answers[token] { return known }
        let (stream, send) = AsyncStream.makeStream(of: Happening.self)
        answers[token] = (stream, send)
        return (stream, send)
    }

    private func start(_ request: TaskRequest, _ pattern: ServiceIntegration.Pattern) -> Happening {
        let parameters = request.input.value
        let given = parameters["StateMachineArn"]?.string ?? ""
        let named = given.split(separator: ":").last.map(String.init) ?? ""
        let requestID = UUID().uuidString.lowercased()
        guard let named = definitions.first(where: { $0.name == named }),
            let definition = try? StateMachineDefinition(
                parsing: named.text,
                type: StateMachineType(rawValue: named.type) ?? .standard
            )
        else {
            return .failed(
                .ofService("StateMachineDoesNotExist", "State Machine Does Not Exist: '\(given)'", requestID)
            )
        }
        let name = parameters["Name"]?.string ?? requestID
        let arn = arns.execution(name, of: named.name)
        guard names.insert(arn.description).inserted else {
            return .failed(.ofService("ExecutionAlreadyExists", "Execution Already Exists: '\(arn)'", requestID))
        }
        let input = parameters["Input"].map { $0.isNull ? JSONText(.object([:])) : Self.payload($0) }
        let info = ExecutionInfo(
            id: arn.description,
            name: name,
            input: input ?? JSONText(.object([:])),
            roleARN: named.roleARN ?? DeployCommand.defaultRole,
            startTime: .now,
            stateMachineID: arns.stateMachine(named.name).description,
            stateMachineName: named.name
        )
        let child = Child(end: Task { await self.run(definition, as: info) })
        children[request.token ?? arn.description] = child
        return .succeeded(
            StepFunctionsTasks.started(arn, at: info.startTime, requestID: requestID)
        )
    }

    /// What a parameter that holds JSON as text stands for: the text, or the value that was given as it is.
    private static func payload(_ value: JSONValue) -> JSONText {
        if let text = value.string, let payload = try? JSONText(validating: text) { return payload }
        return JSONText(value)
    }

    private func run(_ definition: StateMachineDefinition, as info: ExecutionInfo) async -> NestedEnd {
        var run = LocalRun(
            of: LocalExecution(of: definition, as: info, limits: Limits(region: arns.region)),
            clock: { .now },
            skipsWaits: skipsWaits,
            perform: { await self.perform($0, of: info.id) },
            awaitEnd: { await self.end(of: $0) }
        )
        let outcome = await run.run()
        var end = NestedEnd(
            name: info.name,
            machineName: info.stateMachineName,
            status: "FAILED",
            input: info.input,
            startedAt: info.startTime,
            stoppedAt: .now
        )
        switch outcome {
        case .succeeded(let output):
            end.status = "SUCCEEDED"
            end.output = output
        case .failed(let failure): end.failure = failure
        case .aborted(let failure):
            end.status = "ABORTED"
            end.failure = failure
        case .timedOut: end.status = "TIMED_OUT"
        }
        return end
    }
}

extension Failure {
    /// What the integration made for Step Functions says of an error of the service.
    fileprivate static func ofService(_ name: String, _ message: String, _ requestID: String) -> Failure {
        Failure(
            error: "StepFunctions.\(name)Exception",
            cause: "\(message) (Service: AWSStepFunctions; Status Code: 400; Error Code: \(name); "
                + "Request ID: \(requestID); Proxy: null)"
        )
    }
}
