import HTTPServer
import JSON
import Synchronization
import Tasks
import Testing

@testable import Lifecycle

@Suite("The invoker of functions")
struct FunctionInvokerTests {
    static let arn = "arn:aws:lambda:us-east-1:123456789012:function:f"

    /// Serves an address while the body runs.
    static func serving<Answer: Sendable>(
        _ handler: @escaping HTTPServer.Handler,
        _ body: (String) async throws -> Answer
    ) async throws -> Answer {
        let server = try HTTPServer(host: "127.0.0.1", port: 0, handler: handler)
        let running = Task { try await server.run() }
        let result: Result<Answer, any Error>
        do { result = .success(try await body("http://127.0.0.1:\(server.boundPort)")) } catch {
            result = .failure(error)
        }
        server.stop()
        try await running.value
        return try result.get()
    }

    @Test("prefers what is registered, then the file, then the endpoint")
    func order() async throws {
        try await Self.serving { request in
            HTTPResponse(status: 200, text: "\"\(request.path)\"")
        } _: { url in
            let text = """
                {"functions": {"f": {"url": "\(url)/file-f"}, "g": {"url": "\(url)/file-g"},
                 "arn:aws:lambda:eu-west-1:1:function:h": {"url": "\(url)/file-h"}}}
                """
            let invoker = FunctionInvoker(
                registered: [RegisteredFunction("f") { _, context in JSONText(.string(context.invokedFunctionARN)) }],
                supervisor: FunctionSupervisor(file: try FunctionsFile(parsing: text, directory: "/")),
                endpoint: LambdaEndpoint(url: url)
            )
            let value = { (name: String) in
                await invoker.invoke(name, payload: JSONText([:]), requestID: "r").value?.string
            }
            #expect(await value("f") == Self.arn)
            #expect(await value("arn:aws:lambda:eu-west-1:9:function:f") == "arn:aws:lambda:eu-west-1:9:function:f")
            #expect(await value("g") == "/file-g")
            #expect(await value("123456789012:function:g:prod") == "/file-g")
            #expect(await value("h") == "/file-h")
            #expect(await value("arn:aws:lambda:eu-west-1:1:function:h") == "/file-h")
            #expect(await value("arn:aws:lambda:eu-west-1:1:function:h:2") == "/file-h")
            let elsewhere = "arn:aws:lambda:us-east-1:1:function:h"
            #expect(await value(elsewhere) == "/2015-03-31/functions/\(elsewhere)/invocations")
            #expect(await value("x/y") == "/2015-03-31/functions/x/y/invocations")
            #expect(invoker.names == ["f", "g", "h"])
            #expect(invoker.servesAny && invoker.serves("anything"))
            #expect(invoker.freePlaces(for: "f") == nil)
            #expect(invoker.freePlaces(for: "g") == 100)
        }
    }

    @Test("has a deadline be one of the process's timers, which is called off when the function has answered")
    func deadlines() async throws {
        let timers = Timers()
        let (called, call) = AsyncStream.makeStream(of: Int.self)
        let invoker = FunctionInvoker(
            registered: [
                RegisteredFunction("quick") { _, _ in
                    call.yield(timers.entryCount)
                    return JSONText(.null)
                },
                RegisteredFunction("slow") { _, _ in
                    try await Task.sleep(for: .seconds(600))
                    return JSONText(.null)
                },
            ],
            timers: timers
        )
        var counts = called.makeAsyncIterator()
        for _ in 0..<1_000 {
            let outcome = await invoker.invoke(
                "quick",
                payload: JSONText([:]),
                requestID: "r",
                deadline: .seconds(600)
            )
            #expect(outcome.value == .null)
            #expect(await counts.next() ?? 0 > 0)
        }
        #expect(timers.entryCount < 200)
        let late = await invoker.invoke(
            "slow",
            payload: JSONText([:]),
            requestID: "r",
            deadline: .milliseconds(10)
        )
        guard case .failure(error: "States.Timeout", _) = late else {
            Issue.record("\(late)")
            return
        }
    }

    @Test("has no more invocations go on at once than a function's concurrency, also behind an address")
    func places() async throws {
        let busy = Mutex((now: 0, most: 0))
        let enter = { @Sendable in
            busy.withLock { busy in
                busy.now += 1
                busy.most = max(busy.most, busy.now)
            }
        }
        try await Self.serving { _ in
            enter()
            try? await Task.sleep(for: .milliseconds(5))
            busy.withLock { $0.now -= 1 }
            return HTTPResponse(status: 200, text: "1")
        } _: { url in
            let text = #"{"functions": {"g": {"url": "\#(url)", "concurrency": 3}}}"#
            let registered = RegisteredFunction("f", concurrency: 3) { event, _ in
                enter()
                try await Task.sleep(for: .milliseconds(5))
                busy.withLock { $0.now -= 1 }
                return event
            }
            let invoker = FunctionInvoker(
                registered: [registered],
                supervisor: FunctionSupervisor(file: try FunctionsFile(parsing: text, directory: "/"))
            )
            for name in ["g", "f"] {
                busy.withLock { $0.most = 0 }
                let answers = await withTaskGroup(of: InvocationOutcome.self) { group in
                    for number in 0..<20 {
                        group.addTask { await invoker.invoke(name, payload: JSONText([:]), requestID: "\(number)") }
                    }
                    return await group.reduce(into: []) { $0.append($1) }
                }
                #expect(answers.allSatisfy { $0.error == nil })
                #expect(busy.withLock { $0.most } == 3)
                #expect(invoker.freePlaces(for: name) == 3)
            }
            #expect(invoker.pool(of: "arn:aws:lambda:us-east-1:1:function:g:prod") == invoker.pool(of: "g"))
            #expect(invoker.pool(of: Self.arn) == invoker.pool(of: "f"))
            #expect(invoker.pool(of: "f") != invoker.pool(of: "g"))
        }
    }

    @Test("says that nobody serves a function, in AWS's words")
    func unserved() async {
        let invoker = FunctionInvoker()
        #expect(await invoker.invoke("f", payload: JSONText([:]), requestID: "r") == .unserved)
        #expect(!invoker.serves("f"))
        #expect(invoker.freePlaces(for: "f") == 0)
        let error = LambdaServiceError.functionNotFound(FunctionReference("f"), in: FunctionSettings(), requestID: "r")
        #expect(error.error == "Lambda.ResourceNotFoundException")
        #expect(
            error.cause == "Function not found: \(Self.arn):$LATEST (Service: AWSLambda; Status Code: 404; "
                + "Error Code: ResourceNotFoundException; Request ID: r; Proxy: null)"
        )
    }

    struct Answer: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let response: HTTPResponse
        let expected: Expectation
        enum Expectation: Sendable { case success(String), failure(String, String) }
    }

    static let answers = [
        Answer(testDescription: "JSON", response: HTTPResponse(status: 200, text: "{ }"), expected: .success("{ }")),
        Answer(testDescription: "nothing", response: HTTPResponse(status: 204), expected: .success("null")),
        Answer(
            testDescription: "what is not JSON",
            response: HTTPResponse(status: 200, text: "a"),
            expected: .failure(
                "Lambda.Unknown",
                #"{"errorType":"Lambda.Unknown","errorMessage":"The function's result is not valid JSON: "#
                    + #"expected a value (line 1, column 1)"}"#
            )
        ),
        Answer(
            testDescription: "what is not JSON and too long for a result",
            response: HTTPResponse(status: 200, text: String(repeating: "a", count: 262_145)),
            expected: .success("\"" + String(repeating: "a", count: 262_145) + "\"")
        ),
        Answer(
            testDescription: "a function's error",
            response: HTTPResponse(
                status: 200,
                headers: ["X-Amz-Function-Error": "Unhandled"],
                text: #"{"errorType": "E",  "errorMessage": "m"}"#
            ),
            expected: .failure("E", #"{"errorType": "E",  "errorMessage": "m"}"#)
        ),
        Answer(
            testDescription: "an error of no type",
            response: HTTPResponse(status: 200, headers: ["X-Amz-Function-Error": "Unhandled"], text: "{}"),
            expected: .failure("Lambda.Unknown", "{}")
        ),
    ]

    @Test("takes from an address and from an endpoint", arguments: answers)
    func answer(_ row: Answer) async throws {
        try await Self.serving { _ in
            row.response
        } _: { url in
            let text = #"{"functions": {"f": {"url": "\#(url)/"}}}"#
            let supervisor = FunctionSupervisor(file: try FunctionsFile(parsing: text, directory: "/"))
            for invoker in [
                FunctionInvoker(supervisor: supervisor), FunctionInvoker(endpoint: LambdaEndpoint(url: url)),
            ] {
                let outcome = await invoker.invoke("f", payload: JSONText([:]), requestID: "r")
                switch row.expected {
                case .success(let payload): #expect(outcome.payload == payload)
                case .failure(let error, let cause): #expect(outcome == .failure(error: error, cause: cause))
                }
            }
        }
    }

    @Test("tells a function that failed from an endpoint that refuses, and from one that is not there")
    func refusals() async throws {
        let invocation = { (url: String, name: String) in
            await FunctionInvoker(endpoint: LambdaEndpoint(url: url)).invoke(
                name,
                payload: JSONText([:]),
                requestID: "r"
            )
        }
        try await Self.serving { request in
            guard request.path.contains("busy") else {
                return HTTPResponse(
                    status: 404,
                    headers: ["x-amzn-ErrorType": "ResourceNotFoundException", "x-amzn-RequestId": "q"],
                    text: #"{"Type": "User", "Message": "Function not found: \#(Self.arn):$LATEST"}"#
                )
            }
            return HTTPResponse(status: 429, headers: ["x-amzn-ErrorType": "TooManyRequestsException:"], text: "{}")
        } _: { url in
            #expect(
                await invocation(url, "f")
                    == .failure(
                        error: "Lambda.ResourceNotFoundException",
                        cause: "Function not found: \(Self.arn):$LATEST (Service: AWSLambda; Status Code: 404; "
                            + "Error Code: ResourceNotFoundException; Request ID: q; Proxy: null)"
                    )
            )
            #expect(await invocation(url, "busy").error == "Lambda.TooManyRequestsException")
        }
        let free = try HTTPServer(host: "127.0.0.1", port: 0) { _ in HTTPResponse(status: 200) }.boundPort
        #expect(await invocation("http://127.0.0.1:\(free)", "f").error == "Lambda.SdkClientException")
    }

    struct Oops: Error {}

    @Test("performs what is registered, and names its failures")
    func registered() async {
        let invoker = FunctionInvoker(registered: [
            RegisteredFunction("echo", concurrency: 3, onWorkerLoss: .fail) { event, _ in event },
            RegisteredFunction("named") { _, _ in throw FunctionFailure(error: "My.Error", cause: "why") },
            RegisteredFunction("other") { _, _ in throw Oops() },
        ])
        #expect(await invoker.invoke("echo", payload: JSONText(trusted: "[1, 2]"), requestID: "r").payload == "[1, 2]")
        #expect(invoker.freePlaces(for: "echo") == 3)
        #expect(invoker.onWorkerLoss(for: "echo") == .fail)
        #expect(
            await invoker.invoke("named", payload: JSONText([:]), requestID: "r")
                == .failure(error: "My.Error", cause: "why")
        )
        #expect(
            await invoker.invoke("other", payload: JSONText([:]), requestID: "r")
                == .failure(error: "Oops", cause: #"{"errorMessage":"Oops()","errorType":"Oops"}"#)
        )
    }
}
