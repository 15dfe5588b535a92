import HTTPClient
import JSON

/// A function behind an address: events are posted to it, what it answers is the result.
///
/// A status of 400 or more, or the header `X-Amz-Function-Error`, is a failure whose payload is the body, as Lambda's Invoke
/// API has it. The request's id goes along in `Lambda-Runtime-Aws-Request-Id`: it is the same when the event is posted again
/// because a worker was lost.
final class HTTPFunction: Sendable {
    private let function: FunctionDefinition
    private let url: String
    private let client: HTTPClient
    private let places: FunctionPlaces

    init(function: FunctionDefinition, url: String, client: HTTPClient) {
        self.function = function
        self.url = url
        self.client = client
        places = FunctionPlaces(function.concurrency)
    }

    /// How many more invocations the function's concurrency allows.
    var freePlaces: Int { places.free }

    /// Posts an event, once the function has a place for it.
    func invoke(_ invocation: Invocation) async -> InvocationOutcome {
        await places.use { await post(invocation) } ?? .cancelled
    }

    private func post(_ invocation: Invocation) async -> InvocationOutcome {
        let request = HTTPClientRequest(
            method: "POST",
            url: url,
            headers: [
                ("Content-Type", "application/json"),
                ("Accept", "application/json"),
                ("Lambda-Runtime-Aws-Request-Id", invocation.requestID),
                ("Lambda-Runtime-Invoked-Function-Arn", invocation.arn),
            ] + invocation.traceHeaders,
            body: Array(invocation.payload.text.utf8),
            timeout: function.timeout,
            maxResponseBytes: 6_291_556
        )
        let response: HTTPClientResponse
        do { response = try await client.request(request) } catch {
            return .failure(error, requestID: invocation.requestID, timeoutSeconds: function.timeoutSeconds)
        }
        guard (200..<300).contains(response.status), response.header("X-Amz-Function-Error") == nil else {
            return .failure(payload: response.text)
        }
        return .result(response.body, InvocationResponse(response, requestID: invocation.requestID))
    }
}

extension InvocationResponse {
    /// What an answer over HTTP tells beside its payload.
    init(_ response: HTTPClientResponse, requestID: String) {
        self.init(
            statusCode: response.status,
            executedVersion: response.header("X-Amz-Executed-Version") ?? "$LATEST",
            requestID: response.header("x-amzn-RequestId") ?? requestID,
            headers: response.headers.map { Header(name: $0.name, value: $0.value) }
        )
    }
}

extension InvocationOutcome {
    /// What it means that a function's address gave no answer; what a client may try again is `Lambda.SdkClientException`.
    static func failure(_ error: HTTPClientError, requestID: String, timeoutSeconds: Double?) -> InvocationOutcome {
        switch error {
        case .cancelled: .cancelled
        case .responseTooLarge(let limit):
            .failure(
                "Function.ResponseSizeTooLarge",
                "Response payload size exceeded maximum allowed payload size (\(limit) bytes)."
            )
        case .timedOut where timeoutSeconds != nil:
            .failure(
                "Sandbox.Timedout",
                "RequestId: \(requestID) Error: Task timed out after \(timeoutSeconds?.twoDecimals ?? "") seconds"
            )
        default: .failure(error: "Lambda.SdkClientException", cause: "\(error)")
        }
    }
}

extension Double {
    /// The number with two decimals, as Lambda writes seconds.
    var twoDecimals: String {
        let hundredths = Int((self * 100).rounded())
        let fraction = String(hundredths % 100)
        return "\(hundredths / 100).\(fraction.count < 2 ? "0" : "")\(fraction)"
    }
}
