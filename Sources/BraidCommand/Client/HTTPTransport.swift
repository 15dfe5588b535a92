import HTTPClient

/// The AWS protocol's requests, JSON 1.0, over HTTP.
struct HTTPTransport: Sendable {
    private let client = HTTPClient()
    private let endpoint: String

    init(endpoint: String) throws(CommandFailure) {
        guard endpoint.hasPrefix("http://") || endpoint.hasPrefix("https://") else {
            throw CommandFailure(.usage, "an endpoint is a URL such as http://127.0.0.1:8083, not '\(endpoint)'")
        }
        self.endpoint = endpoint.hasSuffix("/") ? endpoint : endpoint + "/"
    }

    /// Sends one request.
    @Sendable func send(_ action: String, _ body: String) async throws -> (status: Int, body: [UInt8]) {
        let request = HTTPClientRequest(
            method: "POST",
            url: endpoint,
            headers: [
                ("Content-Type", "application/x-amz-json-1.0"), ("X-Amz-Target", "AWSStepFunctions.\(action)"),
            ],
            body: Array(body.utf8)
        )
        do {
            let answer = try await client.request(request)
            return (answer.status, answer.body)
        } catch .cancelled {
            throw CancellationError()
        } catch .invalidRequest(let reason) {
            throw CommandFailure(.usage, "'\(endpoint)' is not an endpoint: \(reason)")
        } catch {
            throw CommandFailure(
                .unavailable,
                "no service answers: \(error)",
                hint: "'braid dev' starts one; --endpoint or BRAID_ENDPOINT say where another one is."
            )
        }
    }
}
