import HTTPServer
import Lifecycle
import Testing

@Suite("A server that is stopped")
struct HTTPServerStopTests {
    @Test("finishes what has begun, takes nothing new, and closes its connections")
    func drains() async throws {
        let begun = Gate()
        let goOn = Gate()
        let server = try HTTPServer(host: "127.0.0.1", port: 0) { _ in
            begun.open()
            try? await goOn.wait()
            return HTTPResponse(status: 200, text: "late")
        }
        let running = Task { try await server.run() }
        let client = try RawConnection(port: server.boundPort)
        let idle = try RawConnection(port: server.boundPort)
        try client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n")
        try await within(.seconds(10)) { try await begun.wait() }
        server.stop()
        while (try? RawConnection(port: server.boundPort)) != nil { await Task.yield() }
        goOn.open()
        let answer = await client.read()
        #expect(answer.hasSuffix("late"))
        #expect(answer.lowercased().contains("connection: close"))
        #expect(await idle.read() == "")
        try await within(.seconds(10)) { try await running.value }
    }

    @Test("cancels handlers that outlast the limit, and cuts off those that do not heed it", arguments: [true, false])
    func bounded(heeds: Bool) async throws {
        var limits = HTTPServer.Limits()
        limits.drain = .milliseconds(50)
        let begun = Gate()
        let end = Gate()
        let server = try HTTPServer(host: "127.0.0.1", port: 0, limits: limits) { _ in
            begun.open()
            if heeds { try? await Task.sleep(for: .seconds(60)) } else { await Task { try? await end.wait() }.value }
            return HTTPResponse(status: 200)
        }
        let running = Task { try await server.run() }
        let client = try RawConnection(port: server.boundPort)
        try client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n")
        try await within(.seconds(10)) { try await begun.wait() }
        server.stop()
        try await within(.seconds(10)) { try await running.value }
        end.open()
    }

    @Test("ends a stream whose client never reads")
    func deafClient() async throws {
        var limits = HTTPServer.Limits()
        limits.drain = .milliseconds(50)
        let begun = Gate()
        let server = try HTTPServer(host: "127.0.0.1", port: 0, limits: limits) { _ in
            HTTPResponse(
                status: 200,
                body: .stream { writer in
                    begun.open()
                    while (try? await writer.write([UInt8](repeating: 97, count: 100_000))) != nil {}
                }
            )
        }
        let running = Task { try await server.run() }
        let client = try RawConnection(port: server.boundPort)
        try client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n")
        try await within(.seconds(10)) { try await begun.wait() }
        server.stop()
        try await within(.seconds(10)) { try await running.value }
        client.hangUp()
    }

    @Test("returns at once when it was stopped before, or is cancelled")
    func early() async throws {
        let stopped = try HTTPServer(host: "127.0.0.1", port: 0) { _ in HTTPResponse(status: 200) }
        stopped.stop()
        try await within(.seconds(10)) { try await stopped.run() }
        let cancelled = try HTTPServer(host: "127.0.0.1", port: 0) { _ in HTTPResponse(status: 200) }
        let running = Task { try await cancelled.run() }
        running.cancel()
        try await within(.seconds(10)) { try await running.value }
    }
}
