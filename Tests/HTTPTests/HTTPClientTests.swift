import HTTPClient
import HTTPServer
import Lifecycle
import Synchronization
import Testing

@Suite("An HTTP client")
struct HTTPClientTests {
    let client = HTTPClient()

    func url(_ server: HTTPServer, _ path: String = "/") -> String { "http://127.0.0.1:\(server.boundPort)\(path)" }

    @Test(
        "sends method, header fields and body, and gives back the answer",
        arguments: ["GET", "POST", "PUT", "DELETE"]
    )
    func exchange(method: String) async throws {
        try await serving(handler: { request in
            let type = request.headers["Content-Type"] ?? "none"
            return HTTPResponse(
                status: 418,
                headers: ["X-Type": type, "X-Empty": "<\(request.headers["x-empty"] ?? "missing")>"],
                text: "\(request.method) \(request.target) \(request.text)"
            )
        }) { server in
            var request = HTTPClientRequest(method: method, url: url(server, "/a?b=c"), headers: [("X-Empty", "")])
            if method != "GET" { request.body = Array("body".utf8) }
            let response = try await client.request(request)
            #expect(response.status == 418)
            #expect(response.text == "\(method) /a?b=c \(method == "GET" ? "" : "body")")
            #expect(response.header("x-type") == "none")
            #expect(response.header("X-EMPTY") == "<>")
        }
    }

    @Test("carries an empty body and six megabytes there and back", arguments: [0, 6_000_000])
    func sizes(count: Int) async throws {
        try await serving(handler: { HTTPResponse(status: 200, body: $0.body) }) { server in
            let body = (0..<count).map { UInt8(truncatingIfNeeded: $0) }
            let response = try await client.request(HTTPClientRequest(method: "POST", url: url(server), body: body))
            #expect(response.body == body)
        }
    }

    @Test("says that nobody listens, that the name is unknown, and what it will not send")
    func failures() async throws {
        let port = try HTTPServer(host: "127.0.0.1", port: 0, handler: { _ in HTTPResponse(status: 200) }).boundPort
        let refused = "http://127.0.0.1:\(port)/"
        await #expect(throws: HTTPClientError.connectionRefused(url: refused)) {
            try await client.request(HTTPClientRequest(method: "GET", url: refused))
        }
        for bad in ["ftp://127.0.0.1/", "http://", "no url", "http://h/\r\nX: y"] {
            await #expect(throws: HTTPClientError.self) {
                try await client.request(HTTPClientRequest(method: "GET", url: bad))
            }
        }
        await #expect(throws: HTTPClientError.invalidRequest(reason: "the header X holds control characters")) {
            try await client.request(HTTPClientRequest(method: "GET", url: refused, headers: [("X", "a\r\nY: b")]))
        }
    }

    @Test("gives up at the deadline, at the size limit, and when it meets no TLS")
    func limits() async throws {
        try await serving(handler: { request in
            if request.path == "/slow" { try? await Task.sleep(for: .seconds(60)) }
            return HTTPResponse(status: 200, body: [UInt8](repeating: 97, count: 10_000))
        }) { server in
            let slow = url(server, "/slow")
            await #expect(throws: HTTPClientError.timedOut(url: slow)) {
                try await client.request(HTTPClientRequest(method: "GET", url: slow, timeout: .milliseconds(50)))
            }
            await #expect(throws: HTTPClientError.responseTooLarge(limit: 9_999)) {
                try await client.request(HTTPClientRequest(method: "GET", url: url(server), maxResponseBytes: 9_999))
            }
            let secure = "https://127.0.0.1:\(server.boundPort)/"
            let error = await #expect(throws: HTTPClientError.self) {
                try await client.request(HTTPClientRequest(method: "GET", url: secure))
            }
            guard case .tls = error else {
                Issue.record("not a TLS error: \(String(describing: error))")
                return
            }
        }
    }

    @Test("aborts a request whose task is cancelled, and the server notices")
    func cancellation() async throws {
        let begun = Gate()
        let noticed = Gate()
        try await serving(handler: { _ in
            begun.open()
            do { try await Task.sleep(for: .seconds(60)) } catch { noticed.open() }
            return HTTPResponse(status: 200)
        }) { server in
            let request = HTTPClientRequest(method: "GET", url: url(server))
            let asking = Task { [client] in try await client.request(request) }
            try await within(.seconds(10)) { try await begun.wait() }
            asking.cancel()
            await #expect(throws: HTTPClientError.cancelled) { try await asking.value }
            try await within(.seconds(10)) { try await noticed.wait() }
        }
    }

    @Test("asks two hundred times at once, and reuses its connections")
    func concurrency() async throws {
        try await serving(handler: { HTTPResponse(status: 200, text: $0.path) }) { server in
            let address = url(server)
            for _ in 0..<3 {
                let answers = try await withThrowingTaskGroup { group in
                    for index in 0..<200 {
                        group.addTask { [client] in
                            try await client.request(HTTPClientRequest(method: "GET", url: "\(address)\(index)")).text
                        }
                    }
                    return try await group.reduce(into: Set<String>()) { $0.insert($1) }
                }
                #expect(answers == Set((0..<200).map { "/\($0)" }))
            }
        }
    }
}
