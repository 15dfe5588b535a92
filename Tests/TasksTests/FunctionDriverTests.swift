import Engine
import HTTPServer
import Interpreter
import JSON
import StatesLanguage
import Synchronization
import Tasks
import Testing
import Tracing

@Suite("The driver of functions")
struct FunctionDriverTests {
    static let arn = "arn:aws:lambda:us-east-1:123456789012:function:f"
    static let invoke = "arn:aws:states:::lambda:invoke"

    /// Performs a Task by a function, and returns what came of it and what the function was given.
    static func perform(
        _ resource: String,
        _ input: String,
        by function: @escaping @Sendable (JSONText) throws -> JSONText
    ) async throws -> (outcome: TaskDriver.Outcome, payload: String?) {
        let payload = Mutex<String?>(nil)
        let registered = RegisteredFunction("f") { event, _ in
            payload.withLock { $0 = event.text }
            return try function(event)
        }
        let driver = FunctionDriver(
            invoker: FunctionInvoker(registered: [registered]),
            settings: FunctionSettings()
        )
        let request = TaskRequest(
            state: "S",
            resource: try #require(Resource(parsing: resource)),
            input: try JSONText(validating: input)
        )
        let attempt = TaskDriver.Attempt(request: request, requestID: "r", execution: "e")
        let outcome = await driver.driver.perform(attempt)
        return (outcome, payload.withLock(\.self))
    }

    @Test(
        "gives a function what Payload says, and an empty object where it says nothing",
        arguments: [
            (#"{"FunctionName":"f"}"#, "{}"), (#"{"FunctionName":"f","Payload":null}"#, "{}"),
            (#"{"FunctionName":"f","Payload":[ 1 ]}"#, "[1]"), (#"{"FunctionName":"f","Payload":"x"}"#, "\"x\""),
        ]
    )
    func payload(_ input: String, _ payload: String) async throws {
        let (outcome, given) = try await Self.perform(Self.invoke, input) { $0 }
        #expect(given == payload)
        guard case .succeeded(let result) = outcome else { return #expect(Bool(false), "failed") }
        #expect(result.value["Payload"]?.text == payload)
    }

    @Test(
        "hands on a failed function's words, to the letter or compact for lambda:invoke",
        arguments: [
            (arn, "{}", #"{"errorType": "E",  "a": [1, 2]}"#, #"{"errorType": "E",  "a": [1, 2]}"#),
            (invoke, #"{"FunctionName":"f"}"#, #"{"errorType": "E",  "a": [1, 2]}"#, #"{"errorType":"E","a":[1,2]}"#),
            (invoke, #"{"FunctionName":"f"}"#, "not JSON", "not JSON"),
        ]
    )
    func cause(_ resource: String, _ input: String, _ said: String, _ cause: String) async throws {
        let (outcome, _) = try await Self.perform(resource, input) { _ in
            throw FunctionFailure(error: "E", cause: said)
        }
        guard case .failed(let failure) = outcome else { return #expect(Bool(false), "succeeded") }
        #expect(failure == Failure(error: "E", cause: cause))
    }

    @Test("tells an address which trace the attempt belongs to, and nothing of one that belongs to none")
    func trace() async throws {
        let seen = Mutex<[[String?]]>([])
        let request = TaskRequest(
            state: "S",
            resource: try #require(Resource(parsing: Self.arn)),
            input: JSONText([:])
        )
        let context = TraceContext(trace: TraceID(high: 1, low: 2), span: SpanID(3))
        try await FunctionInvokerTests.serving { request in
            seen.withLock { $0.append([request.headers["traceparent"], request.headers["X-Amzn-Trace-Id"]]) }
            return HTTPResponse(status: 200, text: "{}")
        } _: { url in
            let file = try FunctionsFile(parsing: #"{"functions": {"f": {"url": "\#(url)"}}}"#, directory: "/")
            let invokers = [
                FunctionInvoker(supervisor: FunctionSupervisor(file: file)),
                FunctionInvoker(endpoint: LambdaEndpoint(url: url)),
            ]
            for invoker in invokers {
                let driver = FunctionDriver(invoker: invoker, settings: FunctionSettings()).driver
                for trace in [context, nil] {
                    _ = await driver.perform(
                        TaskDriver.Attempt(request: request, requestID: "r", execution: "e", trace: trace)
                    )
                }
            }
        }
        let told = [context.traceparent, context.xray]
        #expect(seen.withLock { $0 } == [told, [nil, nil], told, [nil, nil]])
    }
}
