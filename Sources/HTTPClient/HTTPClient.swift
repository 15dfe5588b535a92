/// Sends HTTP requests over libcurl, and keeps connections for the next ones.
///
/// All requests of a client are worked on by one thread, which ends with the client. Redirects are answers like any other.
package final class HTTPClient: Sendable {
    private let loop: ClientLoop

    package init() { loop = ClientLoop() }

    deinit { loop.end() }

    /// Sends a request and returns the answer, whatever its status; cancelling the task aborts it.
    ///
    /// - Throws: Why there is no answer.
    package func request(_ request: HTTPClientRequest) async throws(HTTPClientError) -> HTTPClientResponse {
        if let reason = request.invalidity { throw .invalidRequest(reason: reason) }
        let transfer = Transfer(request)
        let result = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                loop.begin(transfer, continuation)
            }
        } onCancel: {
            loop.cancel(transfer)
        }
        return try result.get()
    }
}

extension HTTPClientRequest {
    /// What libcurl would send although it must not: line breaks that make up further header fields.
    fileprivate var invalidity: String? {
        let isToken: (String) -> Bool = { text in
            !text.isEmpty && text.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: ":") }
        }
        guard isToken(method) else { return "'\(method)' is not a method" }
        guard url.utf8.allSatisfy({ $0 > 0x20 && $0 != 0x7F }) else {
            return "a URL has no spaces or control characters"
        }
        for (name, value) in headers {
            guard isToken(name) else { return "'\(name)' is not a header's name" }
            guard !value.utf8.contains(where: { $0 < 0x20 && $0 != 9 || $0 == 0x7F }) else {
                return "the header \(name) holds control characters"
            }
        }
        return nil
    }
}
