package import Engine
import Interpreter
import JSON
import StatesLanguage

/// Performs Tasks by functions: those whose Resource is a function's ARN, and `lambda:invoke`.
package struct FunctionDriver: Sendable {
    private let invoker: FunctionInvoker
    private let settings: FunctionSettings

    package init(invoker: FunctionInvoker, settings: FunctionSettings) {
        self.invoker = invoker
        self.settings = settings
    }

    /// The lanes of `lambda:invoke` whose FunctionName is known only when it is performed.
    private static let invokeLanes: Set<String> = [
        "arn:aws:states:::lambda:invoke", "arn:aws:states:::lambda:invoke.waitForTaskToken",
    ]

    /// What a worker performs its Tasks by.
    package var driver: TaskDriver {
        TaskDriver(
            lanes: lanes,
            serves: serves,
            places: { lane in Self.invokeLanes.contains(lane) ? nil : invoker.places(for: lane) },
            pool: invoker.pool,
            failsOnWorkerLoss: { request in
                Self.function(of: request).map { invoker.onWorkerLoss(for: $0) == .fail } ?? false
            },
            perform: perform
        )
    }

    /// The function that an attempt invokes; `nil` where it names none.
    private static func function(of request: TaskRequest) -> String? {
        switch request.resource.kind {
        case .function: request.resource.text
        case .service(let service) where service.isLambdaInvoke: request.input.value["FunctionName"]?.string
        case .service, .activity: nil
        }
    }

    /// Each function by its name and by its ARN, since a lane is what the definition says.
    private func lanes() -> [String] {
        var lanes = invoker.names.flatMap { [$0, FunctionReference($0).arn(in: settings)] }
        if !lanes.isEmpty || invoker.servesAny { lanes += Self.invokeLanes }
        if invoker.servesAny { lanes.append("*") }
        return lanes
    }

    private func serves(_ lane: String) -> Bool {
        if Self.invokeLanes.contains(lane) { return invoker.servesAny || !invoker.names.isEmpty }
        return invoker.performs(lane)
    }

    private func perform(_ attempt: TaskDriver.Attempt) async -> TaskDriver.Outcome {
        switch attempt.request.resource.kind {
        case .function: await invoke(attempt.request.resource.text, attempt)
        case .service(let service) where service.isLambdaInvoke: await invokeService(attempt)
        case .service, .activity:
            .failed(
                Failure(
                    error: ErrorName.taskFailed,
                    cause: "No worker performs \(attempt.request.resource.text) here."
                )
            )
        }
    }

    /// A function by its ARN: its payload is the state's input, its answer the result.
    private func invoke(_ function: String, _ attempt: TaskDriver.Attempt) async -> TaskDriver.Outcome {
        let outcome = await invoker.invoke(
            function,
            payload: attempt.request.input,
            requestID: attempt.requestID,
            deadline: attempt.time,
            for: InvocationOrigin(attempt)
        )
        return switch outcome {
        case .success(let payload, _): .succeeded(payload)
        case .failure(error: ErrorName.timeout, _): .timedOut
        case .failure(let error, let cause): .failed(Failure(error: error, cause: cause))
        case .unserved: .failed(notFound(FunctionReference(function), attempt))
        case .cancelled: .failed(Failure(error: ErrorName.taskFailed, cause: "The task was cancelled."))
        }
    }

    /// `lambda:invoke`: function and payload are parameters, the result is that of Lambda's Invoke API.
    private func invokeService(_ attempt: TaskDriver.Attempt) async -> TaskDriver.Outcome {
        let parameters = attempt.request.input.value
        guard let name = parameters["FunctionName"]?.string, !name.isEmpty else {
            return .failed(
                Failure(
                    error: ErrorName.runtime,
                    cause: "The Parameters '\(attempt.request.input.text)' could not be used to start the Task:"
                        + " [The value for the field 'FunctionName' must be a STRING]"
                )
            )
        }
        var reference = FunctionReference(name)
        if let qualifier = parameters["Qualifier"]?.string { reference = FunctionReference("\(name):\(qualifier)") }
        // A null is no payload, as AWS has it (recorded test_invoke); the function is given an empty object.
        let given = parameters["Payload"] ?? .null
        let payload = given.isNull ? .object([:]) : given
        let outcome = await invoker.invoke(
            reference.text,
            payload: JSONText(payload),
            requestID: attempt.requestID,
            deadline: attempt.time,
            for: InvocationOrigin(attempt)
        )
        let isEvent = parameters["InvocationType"]?.string == "Event"
        switch outcome {
        case .success(let payload, let response):
            return .succeeded(Self.result(isEvent ? JSONText(.string("")) : payload, response, isEvent: isEvent))
        case .failure(error: ErrorName.timeout, _): return .timedOut
        case .failure(let error, let cause):
            // An event's sender never learns what became of it.
            if isEvent {
                let response = InvocationResponse(requestID: attempt.requestID)
                return .succeeded(Self.result(JSONText(.string("")), response, isEvent: true))
            }
            // Compact here, where a function by its ARN passes its cause on to the letter (recorded, test_raise_exception_catch).
            let compact = (try? JSONValue(parsing: cause))?.text
            return .failed(Failure(error: error, cause: compact ?? cause))
        case .unserved: return .failed(notFound(reference, attempt))
        case .cancelled: return .failed(Failure(error: ErrorName.taskFailed, cause: "The task was cancelled."))
        }
    }

    /// What AWS says of a function that is not there.
    private func notFound(_ reference: FunctionReference, _ attempt: TaskDriver.Attempt) -> Failure {
        let error = LambdaServiceError.functionNotFound(reference, in: settings, requestID: attempt.requestID)
        return Failure(error: error.error, cause: error.cause)
    }

    /// The result of `lambda:invoke`.
    ///
    /// Source: reference §16.
    private static func result(_ payload: JSONText, _ response: InvocationResponse, isEvent: Bool) -> JSONText {
        var all = JSONObject()
        for header in response.headers {
            let others = all[header.name]?.array ?? []
            all[header.name] = .array(others + [.string(header.value)])
        }
        var headers = JSONObject()
        for header in response.headers { headers[header.name] = .string(header.value) }
        if response.headers.isEmpty {
            let known = [
                ("Content-Length", "\(payload.byteCount)"), ("Content-Type", "application/json"),
                ("X-Amz-Executed-Version", response.executedVersion), ("x-amzn-RequestId", response.requestID),
            ]
            for (name, value) in known {
                headers[name] = .string(value)
                all[name] = [.string(value)]
            }
        }
        let status = JSONValue.number(JSONNumber(isEvent ? 202 : response.statusCode))
        return JSONText([
            "ExecutedVersion": .string(response.executedVersion),
            "Payload": payload.value,
            "SdkHttpMetadata": [
                "AllHttpHeaders": .object(all), "HttpHeaders": .object(headers), "HttpStatusCode": status,
            ],
            "SdkResponseMetadata": ["RequestId": .string(response.requestID)],
            "StatusCode": status,
        ])
    }
}
