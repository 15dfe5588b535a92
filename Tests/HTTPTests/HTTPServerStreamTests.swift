import HTTPServer
import Lifecycle
import Testing

@Suite("A streamed response")
struct HTTPServerStreamTests {
    @Test("sends each chunk when it is written, and ends with its closure")
    func chunks() async throws {
        let goOn = Gate()
        try await serving(handler: { _ in
            HTTPResponse(
                status: 200,
                headers: ["Content-Type": "text/event-stream"],
                body: .stream { writer in
                    try? await writer.write("data: 1\n\n")
                    try? await goOn.wait()
                    try? await writer.write("data: 2\n\n")
                }
            )
        }) { server in
            let client = try RawConnection(port: server.boundPort)
            try client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n")
            let first = await client.read { $0.contains("data: 1\n\n") }
            #expect(first.contains("\r\nTransfer-Encoding: chunked\r\n"))
            #expect(first.contains("\r\nContent-Type: text/event-stream\r\n"))
            goOn.open()
            let rest = await client.read { $0.hasSuffix("0\r\n\r\n") }
            #expect(rest.contains("data: 2\n\n"))
            // The connection lives on.
            try client.send("HEAD / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n")
            #expect(await client.read().hasPrefix("HTTP/1.1 200 "))
        }
    }

    @Test("of many megabytes arrives whole, though its client reads slowly")
    func backPressure() async throws {
        try await serving(handler: { _ in
            HTTPResponse(
                status: 200,
                body: .stream { writer in
                    for _ in 0..<100 { try? await writer.write([UInt8](repeating: 97, count: 100_000)) }
                }
            )
        }) { server in
            let client = try RawConnection(port: server.boundPort)
            try client.send("GET / HTTP/1.0\r\nHost: h\r\n\r\n")
            let all = await client.read()
            #expect(all.utf8.count { $0 == UInt8(ascii: "a") } >= 10_000_000)
        }
    }

    @Test("notices when its client goes away", arguments: [true, false])
    func gone(whileWriting: Bool) async throws {
        let begun = Gate()
        let noticed = Gate()
        try await serving(handler: { _ in
            HTTPResponse(
                status: 200,
                body: .stream { writer in
                    do {
                        try await writer.write("begin")
                        begun.open()
                        while whileWriting { try await writer.write([UInt8](repeating: 97, count: 10_000)) }
                        try await Task.sleep(for: .seconds(60))
                    } catch {
                        noticed.open()
                    }
                }
            )
        }) { server in
            let client = try RawConnection(port: server.boundPort)
            try client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n")
            try await within(.seconds(10)) { try await begun.wait() }
            client.hangUp()
            try await within(.seconds(10)) { try await noticed.wait() }
        }
    }
}
