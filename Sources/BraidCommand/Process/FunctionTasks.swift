import Engine
import Interpreter
import JSON
import StatesLanguage
import Tasks

/// Performs the Tasks whose `Resource` is a function: its ARN, or `lambda:invoke` with its name in the input.
struct FunctionTasks: Sendable {
    let invoker: FunctionInvoker
    /// Runs the functions of the functions file, where there is one.
    let supervisor: FunctionSupervisor?
    let settings: FunctionSettings

    /// As a worker's driver.
    var driver: TaskDriver {
        TaskDriver(
            lanes: { invoker.servesAny ? ["*"] : invoker.names },
            serves: serves,
            places: { supervisor?.function(FunctionReference($0))?.concurrency },
            failsOnWorkerLoss: { invoker.onWorkerLoss(for: $0) == .fail },
            perform: perform
        )
    }

    /// Performs an attempt.
    @Sendable func perform(_ attempt: TaskDriver.Attempt) async -> TaskDriver.Outcome {
        let resource = attempt.request.resource
        switch resource.kind {
        case .function:
            let outcome = await invoke(resource.text, attempt.request.input, attempt)
            return result(outcome, of: resource.text, attempt) { payload, _ in payload }
        case .service(let service) where service.isLambdaInvoke && service.pattern == .requestResponse:
            let input = attempt.request.input.value
            guard let name = input["FunctionName"]?.string else {
                let cause = "The parameter FunctionName is missing from the input of \(resource.text)"
                return .failed(Failure(error: "States.Runtime", cause: cause))
            }
            let payload = JSONText(input["Payload"] ?? .object([:]))
            let outcome = await invoke(name, payload, attempt)
            return result(outcome, of: name, attempt, LambdaInvokeAnswer.text)
        case .activity, .service:
            return .failed(Failure(error: "States.TaskFailed", cause: "nothing here serves \(resource.text)"))
        }
    }

    /// Whether this process performs what needs a lane: a function's name or ARN, or `lambda:invoke` of whatever function the
    /// input names.
    @Sendable private func serves(_ lane: String) -> Bool {
        guard let resource = Resource(parsing: lane) else { return invoker.serves(lane) }
        switch resource.kind {
        case .function: return invoker.serves(lane)
        case .service(let service):
            let isAny = service.isLambdaInvoke && service.pattern == .requestResponse
            return isAny && (invoker.servesAny || !invoker.names.isEmpty)
        case .activity: return false
        }
    }

    private func invoke(
        _ function: String,
        _ payload: JSONText,
        _ attempt: TaskDriver.Attempt
    ) async -> InvocationOutcome {
        await invoker.invoke(function, payload: payload, requestID: attempt.requestID, deadline: attempt.time)
    }

    private func result(
        _ outcome: InvocationOutcome,
        of function: String,
        _ attempt: TaskDriver.Attempt,
        _ answer: (JSONText, InvocationResponse) -> JSONText
    ) -> TaskDriver.Outcome {
        switch outcome {
        case .success(let payload, let response): return .succeeded(answer(payload, response))
        case .failure("States.Timeout", _): return .timedOut
        case .failure(let error, let cause): return .failed(Failure(error: error, cause: cause))
        case .cancelled: return .failed(Failure(error: "States.TaskFailed", cause: nil))
        case .unserved:
            let error = LambdaServiceError.functionNotFound(
                FunctionReference(function),
                in: settings,
                requestID: attempt.requestID
            )
            return .failed(Failure(error: error.error, cause: error.cause))
        }
    }
}

/// What `lambda:invoke` gives a state beside the function's own answer.
///
/// Source: reference §16.
private enum LambdaInvokeAnswer {
    static func text(_ payload: JSONText, _ response: InvocationResponse) -> JSONText {
        let headers = response.headers.map { (key: $0.name, value: JSONValue.string($0.value)) }
        var all: JSONObject = [:]
        var last: JSONObject = [:]
        for (name, value) in headers {
            all[name] = .array((all[name]?.array ?? []) + [value])
            last[name] = value
        }
        return JSONText(
            [
                "ExecutedVersion": .string(response.executedVersion),
                "Payload": payload.value,
                "SdkHttpMetadata": [
                    "AllHttpHeaders": .object(all),
                    "HttpHeaders": .object(last),
                    "HttpStatusCode": .number(JSONNumber(response.statusCode)),
                ],
                "SdkResponseMetadata": ["RequestId": .string(response.requestID)],
                "StatusCode": .number(JSONNumber(response.statusCode)),
            ]
        )
    }
}
