import Glibc
import HTTPServer
import Lifecycle
import Synchronization
import Testing

@Suite("An HTTP server")
struct HTTPServerTests {
    @Test("hands over the request as it came, and answers")
    func echo() async throws {
        let seen = Mutex<HTTPRequest?>(nil)
        try await serving(handler: { request in
            seen.withLock { $0 = request }
            return HTTPResponse(status: 201, headers: ["X-Answer": "yes"], text: "done")
        }) { server in
            let client = try RawConnection(port: server.boundPort)
            try client.send(
                "POST /a%20b/c%2Fd?x=1+2&y=%26&z HTTP/1.1\r\nHost: h\r\nX-One: 1\r\nContent-Length: 5\r\n\r\nhello"
            )
            let answer = await client.read { $0.hasSuffix("done") }
            #expect(answer.hasPrefix("HTTP/1.1 201 Created\r\n"))
            #expect(answer.contains("\r\nX-Answer: yes\r\n"))
            #expect(answer.contains("\r\nContent-Length: 4\r\n"))
        }
        let request = try #require(seen.withLock { $0 })
        #expect(request.method == "POST")
        #expect(request.target == "/a%20b/c%2Fd?x=1+2&y=%26&z")
        #expect(request.path == "/a b/c/d")
        #expect(request.pathSegments == ["a b", "c/d"])
        #expect(request.queryItems.map(\.name) == ["x", "y", "z"])
        #expect(request.queryItems.map(\.value) == ["1 2", "&", ""])
        #expect(request.headers["x-ONE"] == "1")
        #expect(request.text == "hello")
        #expect(request.remoteAddress == "127.0.0.1")
    }

    @Test("answers one request after the other on one connection")
    func keepAlive() async throws {
        try await serving(handler: { HTTPResponse(status: 200, text: "<\($0.path)>") }) { server in
            let client = try RawConnection(port: server.boundPort)
            for path in ["/1", "/2", "/3"] {
                try client.send("GET \(path) HTTP/1.1\r\nHost: h\r\n\r\n")
                #expect(await client.read { $0.hasSuffix(">") }.hasSuffix("<\(path)>"))
            }
        }
    }

    @Test("takes a body of several megabytes")
    func largeBody() async throws {
        try await serving(handler: { HTTPResponse(status: 200, text: "<\($0.body.count)>") }) { server in
            let client = try RawConnection(port: server.boundPort)
            try client.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 6000000\r\n\r\n")
            try client.send([UInt8](repeating: 120, count: 6_000_000))
            #expect(await client.read { $0.hasSuffix(">") }.hasSuffix("<6000000>"))
        }
    }

    @Test("lets its owner answer a body that is too large")
    func tooLarge() async throws {
        var limits = HTTPServer.Limits()
        limits.bodyBytes = 1_000
        try await serving(
            limits: limits,
            tooLarge: { HTTPResponse(status: 400, text: "{\"__type\": \"TooLarge\", \"path\": \"\($0.path)\"}") },
            handler: { _ in HTTPResponse(status: 200) }
        ) { server in
            let client = try RawConnection(port: server.boundPort)
            try client.send("POST /p HTTP/1.1\r\nHost: h\r\nContent-Length: 2000000\r\n\r\n")
            try client.send([UInt8](repeating: 120, count: 2_000_000))
            let answer = await client.read { $0.hasSuffix("}") }
            #expect(answer.hasPrefix("HTTP/1.1 400 "))
            #expect(answer.hasSuffix("{\"__type\": \"TooLarge\", \"path\": \"/p\"}"))
        }
    }

    @Test(
        "lets its owner answer a body for which there is no room beside those under way, which is free when they are over"
    )
    func full() async throws {
        var limits = HTTPServer.Limits()
        limits.allBodyBytes = 1_500_000
        let isOver = Gate()
        let begun = Gate()
        try await serving(
            limits: limits,
            handler: { request in
                begun.open()
                try? await isOver.wait()
                return HTTPResponse(status: 200, text: "<\(request.body.count)>")
            }
        ) { server in
            @Sendable func post() throws -> RawConnection {
                let client = try RawConnection(port: server.boundPort)
                try client.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1000000\r\n\r\n")
                try client.send([UInt8](repeating: 120, count: 1_000_000))
                return client
            }
            let first = try post()
            try await begun.wait()
            for _ in 0..<3 {
                let answer = await (try post()).read { $0.hasSuffix("way.\n") }
                #expect(answer.hasPrefix("HTTP/1.1 503 "))
            }
            isOver.open()
            #expect(await first.read { $0.hasSuffix(">") }.hasSuffix("<1000000>"))
            try await within(.seconds(20)) {
                while await !(try post()).read(until: { $0.hasSuffix(">") || $0.hasSuffix("way.\n") }).hasSuffix(">") {}
            }
        }
    }

    struct Malformed: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let bytes: String
    }

    static let malformed = [
        Malformed(testDescription: "one word", bytes: "nonsense\r\n\r\n"),
        Malformed(testDescription: "a method alone", bytes: "GET\r\n\r\n"),
        Malformed(testDescription: "a version to come", bytes: "GET / HTTP/9.9\r\n\r\n"),
        Malformed(testDescription: "empty lines", bytes: "\r\n\r\n\r\n"),
        Malformed(testDescription: "zeros", bytes: "\0\0\0\0\r\n\r\n"),
        Malformed(testDescription: "a negative length", bytes: "POST / HTTP/1.1\r\nContent-Length: -5\r\n\r\n"),
        Malformed(testDescription: "a length in words", bytes: "POST / HTTP/1.1\r\nContent-Length: abc\r\n\r\n"),
        Malformed(
            testDescription: "a broken chunk",
            bytes: "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"
        ),
        Malformed(testDescription: "broken escapes", bytes: "GET /%zz?%=%%& HTTP/1.1\r\nHost: h\r\n\r\n"),
        Malformed(testDescription: "a nameless header", bytes: "GET / HTTP/1.1\r\n: \r\n\r\n"),
        Malformed(
            testDescription: "unescaped characters",
            bytes: "GET /\u{1F600}\u{7F} HTTP/1.1\r\nHost: \u{1F600}\r\n\r\n"
        ),
        Malformed(
            testDescription: "an endless header",
            bytes: "GET / HTTP/1.1\r\nX: " + String(repeating: "y", count: 100_000) + "\r\n\r\n"
        ),
        Malformed(testDescription: "half a request", bytes: "POST / HTTP/1.1\r\nContent-Length: 10\r\n\r\nabc"),
    ]

    @Test("survives what is not HTTP", arguments: malformed)
    func survives(_ row: Malformed) async throws {
        try await serving(handler: { HTTPResponse(status: 200, text: "fine \($0.path) \($0.queryItems.count)") }) {
            server in
            let bad = try RawConnection(port: server.boundPort)
            try? bad.send(row.bytes)
            bad.hangUp()
            let good = try RawConnection(port: server.boundPort)
            try good.send("GET /next HTTP/1.1\r\nHost: h\r\n\r\n")
            #expect(await good.read { $0.hasSuffix("0") }.hasSuffix("fine /next 0"))
        }
    }

    @Test("says whose port it could not take")
    func portInUse() async throws {
        let first = try HTTPServer(host: "127.0.0.1", port: 0, handler: { _ in HTTPResponse(status: 200) })
        let error = #expect(throws: HTTPServerError.self) {
            _ = try HTTPServer(host: "127.0.0.1", port: first.boundPort, handler: { _ in HTTPResponse(status: 200) })
        }
        #expect(error == .addressInUse(host: "127.0.0.1", port: first.boundPort))
        #expect("\(try #require(error))".hasPrefix("port \(first.boundPort) on 127.0.0.1 is in use by another process"))
        let elsewhere = #expect(throws: HTTPServerError.self) {
            _ = try HTTPServer(host: "203.0.113.1", port: 0, handler: { _ in HTTPResponse(status: 200) })
        }
        #expect("\(try #require(elsewhere))" == "cannot listen on 203.0.113.1, port 0: Cannot assign requested address")
    }

    @Test("cancels the handler when the client goes away")
    func disconnect() async throws {
        let begun = Gate()
        let cancelled = Gate()
        try await serving(handler: { _ in
            begun.open()
            do { try await Task.sleep(for: .seconds(60)) } catch { cancelled.open() }
            return HTTPResponse(status: 200)
        }) { server in
            let client = try RawConnection(port: server.boundPort)
            try client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n")
            try await within(.seconds(10)) { try await begun.wait() }
            client.hangUp()
            try await within(.seconds(10)) { try await cancelled.wait() }
        }
    }

    @Test("holds a thousand waiting requests, and then answers each")
    func longPolls() async throws {
        raiseFileLimit()
        let release = Gate()
        let allWait = Gate()
        let waiting = Atomic(0)
        try await serving(handler: { request in
            if waiting.add(1, ordering: .relaxed).newValue == 1_000 { allWait.open() }
            try? await release.wait()
            return HTTPResponse(status: 200, text: "<\(request.path)>")
        }) { server in
            let clients = try (0..<1_000).map { _ in try RawConnection(port: server.boundPort) }
            for (index, client) in clients.enumerated() { try client.send("GET /\(index) HTTP/1.1\r\nHost: h\r\n\r\n") }
            try await within(.seconds(20)) { try await allWait.wait() }
            release.open()
            for (index, client) in clients.enumerated() {
                #expect(await client.read { $0.hasSuffix(">") }.hasSuffix("</\(index)>"))
            }
        }
    }

    /// libmicrohttpd 0.9.75 asks epoll for 128 events at once, and its own thread sleeps on when it gets just as many.
    @Test("keeps answering when many requests come at the same moment", arguments: [127, 128, 256])
    func simultaneous(connections: Int) async throws {
        try await serving(handler: { _ in HTTPResponse(status: 200, text: ">") }) { server in
            let clients = try (0..<connections).map { _ in try RawConnection(port: server.boundPort) }
            for _ in 0..<20 {
                for client in clients { try client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n") }
                for client in clients { #expect(await client.read { $0.hasSuffix(">") }.hasSuffix(">")) }
            }
        }
    }

    /// Dispatch would have threads for 255 of them.
    @Test("answers beside three hundred others")
    func many() async throws {
        raiseFileLimit()
        let servers = try (0..<300).map { index in
            try HTTPServer(host: "127.0.0.1", port: 0) { _ in HTTPResponse(status: 200, text: "<\(index)>") }
        }
        let running = servers.map { server in Task { try await server.run() } }
        for (index, server) in servers.enumerated() {
            let client = try RawConnection(port: server.boundPort)
            try client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n")
            #expect(await client.read { $0.hasSuffix(">") }.hasSuffix("<\(index)>"))
        }
        for server in servers { server.stop() }
        for task in running { try await task.value }
    }

    /// Allows this process as many open files as the system lets it.
    private func raiseFileLimit() {
        var files = rlimit()
        _ = unsafe getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &files)
        files.rlim_cur = files.rlim_max
        _ = unsafe setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &files)
    }
}
