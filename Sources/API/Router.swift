import Engine
package import HTTPServer
import JSON

/// Answers requests of the AWS Step Functions protocol, JSON 1.0: `POST /` with `X-Amz-Target: AWSStepFunctions.<Action>`.
///
/// Every request is answered, whatever it holds. Signatures are accepted and not looked at: the service trusts its
/// network, and listens on loopback unless told otherwise.
package struct Router: Sendable {
    private let service: Service
    private let bodyLimit: Int
    private let names: Set<String>

    /// - Parameters:
    ///   - service: What operations work with.
    ///   - bodyLimit: What the server takes of a body, for the message of one that is larger.
    ///   - names: Of hosts, in lower case, whose pages may send requests besides those of this machine: a console's.
    package init(service: Service, bodyLimit: Int, names: Set<String> = []) {
        self.names = names
        self.service = service
        self.bodyLimit = bodyLimit
    }

    /// Answers a request.
    package func respond(to request: HTTPRequest) async -> HTTPResponse {
        if let answer = CallerIdentity.answer(to: request, account: service.arns.account) { return answer }
        do {
            let operation = try OperationRequest.operation(
                of: request,
                maxPayloadBytes: service.maxPayloadBytes,
                names: names
            )
            return response(200, try await operation.answer(from: service))
        } catch {
            return response(error.status, error.body)
        }
    }

    /// Answers a request for whose body the server had no room.
    package func respondFull(to request: HTTPRequest) async -> HTTPResponse {
        response(ServiceError.unavailable.status, ServiceError.unavailable.body)
    }

    /// Answers a request whose body was larger than the server takes.
    package func respondTooLarge(to request: HTTPRequest) async -> HTTPResponse {
        let error = ServiceError.tooLarge(limit: bodyLimit)
        return response(error.status, error.body)
    }

    private func response(_ status: Int, _ body: JSONObject) -> HTTPResponse {
        let headers: HTTPHeaders = [
            "Content-Type": "application/x-amz-json-1.0",
            "x-amzn-RequestId": RequestID.new(),
        ]
        return HTTPResponse(status: status, headers: headers, body: Array(JSONValue.object(body).text.utf8))
    }
}
