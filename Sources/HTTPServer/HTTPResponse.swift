/// What a handler answers.
package struct HTTPResponse: Sendable {
    /// What comes after the header fields.
    package enum Body: Sendable {
        /// All of it; its length is sent as `Content-Length`.
        case bytes([UInt8])
        /// Chunks as they come. The closure runs in the handler's task once the head is on its way; the response ends
        /// when it returns. When the client goes away the task is cancelled and ``HTTPBodyWriter`` throws at the next write.
        case stream(@Sendable (HTTPBodyWriter) async -> Void)
    }

    /// The status code, such as 200.
    package var status: Int
    /// The header fields; `Date`, `Connection` and the length are the server's.
    package var headers: HTTPHeaders
    /// The body.
    package var body: Body

    package init(status: Int, headers: HTTPHeaders = [:], body: Body) {
        self.status = status
        self.headers = headers
        self.body = body
    }

    package init(status: Int, headers: HTTPHeaders = [:], body: [UInt8] = []) {
        self.init(status: status, headers: headers, body: .bytes(body))
    }

    /// A response whose body is text, `text/plain` unless the headers say otherwise.
    package init(status: Int, headers: HTTPHeaders = [:], text: String) {
        self.init(status: status, headers: headers, body: .bytes(Array(text.utf8)))
        if self.headers["Content-Type"] == nil { self.headers["Content-Type"] = "text/plain; charset=utf-8" }
    }
}
