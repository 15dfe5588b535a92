import HTTPServer
import Lifecycle
import Synchronization
import Testing

@Suite("Servers on one thread")
struct HTTPServerThreadTests {
    private func server(
        on thread: ServerThread,
        _ handler: @escaping HTTPServer.PromptHandler
    ) throws -> HTTPServer {
        try HTTPServer(host: "127.0.0.1", port: 0, handling: .promptly(handler), on: thread)
    }

    @Test("answer each its own, and go on when another ends")
    func many() async throws {
        let thread = ServerThread()
        let servers = try (0..<40).map { index in
            try server(on: thread) { $1.send(HTTPResponse(status: 200, text: "<\(index) \($0.path)>")) }
        }
        let running = servers.map { server in Task { try await server.run() } }
        let clients = try servers.map { try RawConnection(port: $0.boundPort) }
        for round in 0..<3 {
            // In each round those are left that have not been stopped.
            let left = servers.indices.filter { $0 % 4 >= round }
            for index in left { try clients[index].send("GET /\(round) HTTP/1.1\r\nHost: h\r\n\r\n") }
            for index in left {
                #expect(await clients[index].read { $0.hasSuffix(">") }.hasSuffix("<\(index) /\(round)>"))
            }
            for index in left where index % 4 == round { servers[index].stop() }
            for index in left where index % 4 == round {
                try await within(.seconds(60)) { try await running[index].value }
                #expect((try? RawConnection(port: servers[index].boundPort)) == nil)
            }
        }
        for server in servers { server.stop() }
        for task in running { try await within(.seconds(60)) { try await task.value } }
    }

    @Test("begin anew when all that were there have ended")
    func again() async throws {
        let thread = ServerThread()
        for round in 0..<5 {
            let server = try server(on: thread) { $1.send(HTTPResponse(status: 200, text: "<\(round)>")) }
            let running = Task { try await server.run() }
            let client = try RawConnection(port: server.boundPort)
            try client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n")
            #expect(await client.read { $0.hasSuffix(">") }.hasSuffix("<\(round)>"))
            server.stop()
            try await within(.seconds(60)) { try await running.value }
        }
    }

    @Test("are answered later, from anywhere, while others are answered at once")
    func later() async throws {
        let waiting = Mutex<[HTTPReply]>([])
        let begun = Gate()
        let server = try server(on: ServerThread()) { request, reply in
            guard request.path == "/later" else { return reply.send(HTTPResponse(status: 200, text: "<at once>")) }
            waiting.withLock { $0.append(reply) }
            begun.open()
        }
        let running = Task { try await server.run() }
        let patient = try RawConnection(port: server.boundPort)
        try patient.send("GET /later HTTP/1.1\r\nHost: h\r\n\r\n")
        try await within(.seconds(60)) { try await begun.wait() }
        let other = try RawConnection(port: server.boundPort)
        try other.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n")
        #expect(await other.read { $0.hasSuffix(">") }.hasSuffix("<at once>"))
        for reply in waiting.withLock({ $0 }) { reply.send(HTTPResponse(status: 200, text: "<later>")) }
        #expect(await patient.read { $0.hasSuffix(">") }.hasSuffix("<later>"))
        try patient.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n")
        #expect(await patient.read { $0.hasSuffix(">") }.hasSuffix("<at once>"))
        server.stop()
        try await running.value
    }

    @Test("take a large body promptly, too")
    func largeBody() async throws {
        let server = try server(on: ServerThread()) { request, reply in
            reply.send(HTTPResponse(status: 200, text: "<\(request.body.count)>"))
        }
        let running = Task { try await server.run() }
        let client = try RawConnection(port: server.boundPort)
        for count in [1_000_000, 10, 70_000] {
            try client.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: \(count)\r\n\r\n")
            try client.send([UInt8](repeating: 120, count: count))
            #expect(await client.read { $0.hasSuffix(">") }.hasSuffix("<\(count)>"))
        }
        server.stop()
        try await running.value
    }

    @Test("tell whoever is to answer that the client has gone away, or that the server ends", arguments: [true, false])
    func cancelled(byClient: Bool) async throws {
        let begun = Gate()
        let told = Gate()
        var limits = HTTPServer.Limits()
        limits.drain = .zero
        let server = try HTTPServer(
            host: "127.0.0.1",
            port: 0,
            limits: limits,
            handling: .promptly { _, reply in
                reply.onCancel {
                    told.open()
                    // What nobody waits for is dropped.
                    reply.send(HTTPResponse(status: 200))
                }
                begun.open()
            },
            on: ServerThread()
        )
        let running = Task { try await server.run() }
        let client = try RawConnection(port: server.boundPort)
        try client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n")
        try await within(.seconds(60)) { try await begun.wait() }
        if byClient { client.hangUp() } else { server.stop() }
        try await within(.seconds(60)) { try await told.wait() }
        server.stop()
        try await within(.seconds(60)) { try await running.value }
    }
}
