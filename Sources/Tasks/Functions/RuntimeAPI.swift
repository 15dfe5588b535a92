import FoundationEssentials
import HTTPServer
import JSON
import Lifecycle
import Tracing

/// The Lambda Runtime API for one process of one function.
///
/// The protocol has no place for a client to say who it is: all that stock clients take is `AWS_LAMBDA_RUNTIME_API`, a host
/// and a port, and not all of them would keep a path behind it. So each process gets a port of its own on loopback, made
/// for it and closed when it ends: what a process left behind can neither fetch nor answer its successor's invocations.
/// All are served on one thread: they have little to do each, and what comes to several at once is done at once.
/// Source: "Using the Lambda runtime API for custom runtimes" and its OpenAPI document of 2018-06-01.
final class RuntimeAPI: Runnable {
    private static let root = ["2018-06-01", "runtime"]

    /// What `AWS_LAMBDA_RUNTIME_API` says.
    let address: String
    let desk: InvocationDesk
    private let server: HTTPServer

    init(settings: FunctionSettings, on thread: ServerThread) throws(HTTPServerError) {
        let desk = InvocationDesk()
        let limit = settings.responseBytes
        var limits = HTTPServer.Limits()
        limits.bodyBytes = limit
        // No more of them than functions run at once.
        limits.allBodyBytes = .max
        // A client may keep its connection while its handler works for hours.
        limits.idle = .zero
        limits.drain = .zero
        limits.connections = 100
        server = try HTTPServer(
            host: "127.0.0.1",
            port: 0,
            limits: limits,
            tooLarge: { Self.tooLarge($0, limit, desk) },
            handling: .promptly { Self.answer($0, desk, $1) },
            on: thread
        )
        self.desk = desk
        address = "127.0.0.1:\(server.boundPort)"
    }

    func run() async throws { try await server.run() }

    func stop() { server.stop() }

    private static func answer(_ request: HTTPRequest, _ desk: InvocationDesk, _ reply: HTTPReply) {
        let path = request.pathSegments
        guard path.starts(with: root) else {
            return reply.send(refusal(404, "NotFound", "There is no \(request.path)"))
        }
        switch (request.method, path.dropFirst(root.count).map(\.self)) {
        case ("GET", ["invocation", "next"]):
            let poll = desk.next { reply.send(Self.event($0)) }
            reply.onCancel { desk.giveUp(poll) }
        case ("POST", let path) where path.count == 3 && path[0] == "invocation" && path[2] == "response":
            let outcome = InvocationOutcome.result(request.body, InvocationResponse(requestID: path[1]))
            reply.send(settled(desk.settle(path[1], outcome)))
        case ("POST", let path) where path.count == 3 && path[0] == "invocation" && path[2] == "error":
            reply.send(settled(desk.settle(path[1], failure(request))))
        case ("POST", ["init", "error"]):
            desk.failStart(failure(request))
            reply.send(accepted)
        default:
            reply.send(refusal(404, "NotFound", "There is no \(request.method) \(request.path)"))
        }
    }

    private static func event(_ invocation: Invocation?) -> HTTPResponse {
        guard let invocation else {
            return refusal(403, "InvalidStateTransition", "The last invocation was not answered")
        }
        return HTTPResponse(status: 200, headers: headers(invocation), body: Array(invocation.payload.text.utf8))
    }

    private static func headers(_ invocation: Invocation) -> HTTPHeaders {
        let deadline = Date().timeIntervalSince1970 * 1_000 + invocation.timeLeft / .milliseconds(1)
        var headers: HTTPHeaders = [
            "Content-Type": "application/json",
            "Lambda-Runtime-Aws-Request-Id": invocation.requestID,
            "Lambda-Runtime-Deadline-Ms": String(Int(deadline)),
            "Lambda-Runtime-Invoked-Function-Arn": invocation.arn,
        ]
        guard let trace = invocation.origin?.trace else {
            let now = String(UInt32(clamping: Int(Date().timeIntervalSince1970)), radix: 16)
            let trace = String(UInt64.random(in: UInt64.max / 16 + 1...UInt64.max), radix: 16)
            headers["Lambda-Runtime-Trace-Id"] = "Root=1-\(now)-00000000\(trace);Sampled=0"
            return headers
        }
        headers["Lambda-Runtime-Trace-Id"] = trace.xray
        headers["traceparent"] = trace.traceparent
        return headers
    }

    private static func failure(_ request: HTTPRequest) -> InvocationOutcome {
        let outcome = InvocationOutcome.failure(payload: request.text)
        guard
            case .failure("Lambda.Unknown", let cause) = outcome,
            let type = request.headers["Lambda-Runtime-Function-Error-Type"], !type.isEmpty
        else { return outcome }
        return .failure(error: type, cause: cause)
    }

    private static func tooLarge(_ request: HTTPRequest, _ limit: Int, _ desk: InvocationDesk) -> HTTPResponse {
        let size = request.headers["Content-Length"].map { " (\($0) bytes)" } ?? ""
        let message = "Response payload size\(size) exceeded maximum allowed payload size (\(limit) bytes)."
        let path = request.pathSegments.dropFirst(root.count + 1)
        if let id = path.first { _ = desk.settle(id, .failure("Function.ResponseSizeTooLarge", message)) }
        return refusal(413, "RequestEntityTooLarge", "Exceeded maximum allowed payload size (\(limit) bytes).")
    }

    private static let accepted = HTTPResponse(
        status: 202,
        headers: ["Content-Type": "application/json"],
        text: #"{"status":"OK"}"#
    )

    private static func settled(_ wasKnown: Bool) -> HTTPResponse {
        wasKnown ? accepted : refusal(400, "InvalidRequestID", "Invalid request ID")
    }

    private static func refusal(_ status: Int, _ type: String, _ message: String) -> HTTPResponse {
        let body: JSONValue = ["errorMessage": .string(message), "errorType": .string(type)]
        return HTTPResponse(status: status, headers: ["Content-Type": "application/json"], text: body.text)
    }
}
