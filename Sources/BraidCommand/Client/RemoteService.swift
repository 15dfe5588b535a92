import JSON

/// A running service, spoken to by the AWS protocol, as any client does.
struct RemoteService: Sendable {
    /// Sends a request's body to an action, and returns the answer's status and body.
    typealias Transport = @Sendable (_ action: String, _ body: String) async throws -> (status: Int, body: [UInt8])

    private let transport: Transport

    init(transport: @escaping Transport) { self.transport = transport }

    /// The service that the command line or the environment names.
    static func of(_ invocation: Invocation) throws -> RemoteService {
        RemoteService(transport: try HTTPTransport(endpoint: invocation.value("endpoint") ?? "").send)
    }

    /// Calls an action.
    ///
    /// - Throws: `ServiceRefusal` where the service says no; `CommandFailure` where it is not to be had.
    func call(_ action: String, _ request: JSONObject) async throws -> JSONValue {
        let (status, body) = try await transport(action, JSONValue.object(request).text)
        let answer = body.isEmpty ? JSONValue.object([:]) : (try? JSONValue(parsing: body)) ?? .null
        guard status != 200 else { return answer }
        guard let type = answer["__type"]?.string else {
            throw CommandFailure(
                .unavailable,
                "what listens there is not Braid: \(action) was answered with HTTP status \(status)"
            )
        }
        throw ServiceRefusal(
            error: String(type.split(separator: "#").last ?? "UnknownError"),
            message: (answer["message"] ?? answer["Message"])?.string ?? ""
        )
    }

    /// Calls an action that answers page by page, and hands over each element of `member` until there are no more or the
    /// reader has enough.
    func pages(
        of action: String,
        _ request: JSONObject,
        member: String,
        _ take: (JSONValue) throws -> Bool
    ) async throws {
        var request = request
        while true {
            let page = try await call(action, request)
            for element in page[member]?.array ?? [] where try !take(element) { return }
            guard let token = page["nextToken"]?.string else { return }
            request["nextToken"] = .string(token)
        }
    }
}

/// What the service answered where it did not do what was asked.
struct ServiceRefusal: Error, Equatable, CustomStringConvertible {
    /// AWS's name of the error, such as `StateMachineDoesNotExist`.
    let error: String
    let message: String

    init(error: String, message: String) {
        self.error = error
        self.message = message
    }

    var description: String { message.isEmpty ? error : "\(error): \(message)" }
}
