/// A request to be sent.
package struct HTTPClientRequest: Sendable {
    /// The method, such as `POST`.
    package var method: String
    /// The whole URL, `http` or `https`.
    package var url: String
    /// The header fields, in order; `Host` and the length are the client's.
    package var headers: [(name: String, value: String)]
    /// The body; `nil` sends none, and no length either.
    package var body: [UInt8]?
    /// How long it may take, from connecting to the last byte of the answer.
    package var timeout: Duration
    /// The largest body of an answer that is taken.
    package var maxResponseBytes: Int

    package init(
        method: String,
        url: String,
        headers: [(name: String, value: String)] = [],
        body: [UInt8]? = nil,
        timeout: Duration = .seconds(60),
        maxResponseBytes: Int = 64 << 20
    ) {
        self.method = method
        self.url = url
        self.headers = headers
        self.body = body
        self.timeout = timeout
        self.maxResponseBytes = maxResponseBytes
    }
}

/// What was answered.
package struct HTTPClientResponse: Sendable {
    /// The status code.
    package let status: Int
    /// The header fields, in order, with their names as sent.
    package let headers: [(name: String, value: String)]
    /// The body.
    package let body: [UInt8]

    package init(status: Int, headers: [(name: String, value: String)] = [], body: [UInt8] = []) {
        self.status = status
        self.headers = headers
        self.body = body
    }

    /// The value of the first header field of that name, regardless of case.
    package func header(_ name: String) -> String? {
        let name = name.lowercased()
        return headers.first { $0.name.lowercased() == name }?.value
    }

    /// The body as text; bytes that are not UTF-8 become U+FFFD.
    package var text: String { String(decoding: body, as: UTF8.self) }
}
