import HTTPServer
import Interpreter
import JSON
import Tracing

/// Reads what a request asks for: `POST /`, with `X-Amz-Target: AWSStepFunctions.<Action>` and a JSON object.
///
/// What a browser can be made to send for a page from elsewhere is refused: the content type and the target header make it
/// ask first, and an `Origin` that is neither local nor the service's own address is
/// turned away.
enum OperationRequest {
    /// Finds out what a request asks for, without doing it.
    static func operation(
        of request: HTTPRequest,
        maxPayloadBytes: Int = Limits().maxPayloadBytes,
        names: Set<String> = []
    ) throws(ServiceError) -> any Operation {
        guard request.method == "POST", request.path == "/" else {
            throw .unknownOperation("Actions are requested with POST /.")
        }
        if let origin = request.headers["Origin"], !Origin.isLocal(origin),
            !Origin.isOwn(origin, host: request.headers["Host"] ?? "", names: names)
        {
            throw .foreignOrigin
        }
        let type = request.headers["Content-Type"]?.split(separator: ";").first.map { String($0) } ?? ""
        guard Self.contentTypes.contains(type.filter { $0 != " " }.lowercased()) else {
            throw .unknownOperation("The content type must be application/x-amz-json-1.0.")
        }
        guard let target = request.headers["X-Amz-Target"], target.hasPrefix(Self.targetPrefix) else {
            throw .unknownOperation("The header X-Amz-Target must be AWSStepFunctions.<Action>.")
        }
        let action = try Actions.named(String(target.dropFirst(Self.targetPrefix.count)))
        var members = RequestMembers(try Self.object(request.body))
        members.maxPayloadBytes = maxPayloadBytes
        let trace = request.headers["traceparent"].flatMap { TraceContext(traceparent: $0) }
        members.traceHeader =
            (trace ?? request.headers["X-Amzn-Trace-Id"].flatMap { TraceContext(xray: $0) })?.xray
        return try Self.operation(action, &members)
    }

    /// Reads the members of an action.
    static func operation(
        _ action: any Operation.Type,
        _ members: inout RequestMembers
    ) throws(ServiceError) -> any Operation {
        let operation = try action.init(&members)
        try members.check()
        return operation
    }

    private static let targetPrefix = "AWSStepFunctions."
    private static let contentTypes: Set = ["application/x-amz-json-1.0", "application/x-amz-json-1.1"]

    private static func object(_ body: [UInt8]) throws(ServiceError) -> JSONObject {
        let value: JSONValue
        do { value = try JSONValue(parsing: body) } catch {
            throw .serialization("The request's body is not JSON: \(error)")
        }
        guard case .object(let object) = value else {
            throw .serialization("The request's body must be a JSON object.")
        }
        return object
    }
}
