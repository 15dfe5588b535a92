import Engine
import Interpreter
import JSON
import StatesLanguage
import Store
import Tracing

/// A call of this service that a Task makes.
struct ServiceCall: Sendable {
    private let attempt: TaskDriver.Attempt
    private let integration: ServiceIntegration

    init(_ attempt: TaskDriver.Attempt, by integration: ServiceIntegration) {
        self.attempt = attempt
        self.integration = integration
    }

    /// Calls an action through the SDK, whose answer has names in upper camel case and instants as text.
    func perform(in service: Service) async throws(CallFailure) -> JSONObject {
        let name = integration.action.prefix(1).uppercased() + integration.action.dropFirst()
        let operation = try operation(named: name)
        do {
            return SDKShape.result(try await operation.answer(from: service))
        } catch {
            throw failure(error)
        }
    }

    /// Starts an execution by the integration made for it: durably, and once, however often the attempt is performed.
    ///
    /// The database being away is no failure: the attempt is the same when it is back.
    func start(in service: Service) async throws(CallFailure) -> JSONObject {
        guard var start = try operation(named: "StartExecution") as? StartExecution else {
            throw misfit(["The action is not supported by Step Functions"])
        }
        start.members.traceHeader = start.members.traceHeader ?? attempt.trace?.xray
        var link: NestedLink?
        if integration.pattern == .sync || integration.pattern == .sync2, let text = attempt.request.token,
            let token = TaskToken(text)
        {
            link = NestedLink(parent: token.key, token: text, isStructured: integration.pattern == .sync2)
        }
        var tries = 0
        while true {
            do throws(ServiceError) {
                let answer = try await start.answer(from: service, startedBy: attempt.requestID, link: link)
                return SDKShape.optimised(answer, requestID: attempt.requestID, at: service.trial.now())
            } catch {
                tries += 1
                guard error.status == 503, tries < 100, !Task.isCancelled else { throw failure(error) }
                try? await Task.sleep(for: .milliseconds(min(1_000, 20 << min(tries, 6))))
            }
        }
    }

    // MARK: Request

    private func operation(named name: String) throws(CallFailure) -> any Operation {
        guard case .object(let parameters) = attempt.request.input.value else {
            throw misfit(["The parameters must be an object"])
        }
        var members = RequestMembers(SDKShape.request(parameters))
        let operation: any Operation
        do {
            operation = try OperationRequest.operation(try Actions.named(name), &members)
        } catch {
            throw failure(error)
        }
        guard members.unknown.isEmpty else {
            throw misfit(
                members.unknown.map { "The field \"\(SDKShape.upper($0))\" is not supported by Step Functions" }
            )
        }
        return operation
    }

    // MARK: Failures

    private func misfit(_ reasons: [String]) -> CallFailure {
        let cause =
            "The Parameters '\(attempt.request.input.text)' could not be used to start the Task: "
            + "[\(reasons.joined(separator: ", "))]"
        return CallFailure(failure: Failure(error: ErrorName.runtime, cause: cause))
    }

    /// The failure that AWS reports for an error that the service answered.
    ///
    /// Source: reference §16; recorded test_start_execution_no_such_arn.
    private func failure(_ error: ServiceError) -> CallFailure {
        let isModelled = !Self.unmodelled.contains(error.name)
        let name = error.name.hasSuffix("Exception") ? error.name : error.name + "Exception"
        if integration.isSDK {
            let cause =
                "\(error.message) (Service: Sfn, Status Code: \(error.status), Request ID: \(attempt.requestID))"
                + " (SDK Attempt Count: 1)"
            return CallFailure(failure: Failure(error: "Sfn.\(isModelled ? name : "SfnException")", cause: cause))
        }
        let cause =
            "\(error.message) (Service: AWSStepFunctions; Status Code: \(error.status); Error Code: \(error.name); "
            + "Request ID: \(attempt.requestID); Proxy: null)"
        let known = isModelled ? name : "AWSStepFunctionsException"
        return CallFailure(failure: Failure(error: "StepFunctions.\(known)", cause: cause))
    }

    /// What the service's model does not name, and clients therefore call by the service's own name.
    private static let unmodelled: Set = [
        "SerializationException", "UnknownOperationException", "RequestEntityTooLargeException",
        "AccessDeniedException",
        "InternalFailure", "ServiceUnavailable",
    ]
}
