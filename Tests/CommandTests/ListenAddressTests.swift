import Testing

@testable import BraidCommand

@Suite("An address to listen on")
struct ListenAddressTests {
    struct Row: Sendable, CustomTestStringConvertible {
        let text: String
        let host: String
        let port: Int
        let isLoopback: Bool
        var testDescription: String { text }
    }

    static let rows = [
        Row(text: "127.0.0.1:8083", host: "127.0.0.1", port: 8083, isLoopback: true),
        Row(text: "localhost:0", host: "localhost", port: 0, isLoopback: true),
        Row(text: "[::1]:80", host: "::1", port: 80, isLoopback: true),
        Row(text: "0.0.0.0:8083", host: "0.0.0.0", port: 8083, isLoopback: false),
        Row(text: ":8083", host: "0.0.0.0", port: 8083, isLoopback: false),
        Row(text: "[::]:8083", host: "::", port: 8083, isLoopback: false),
    ]

    @Test("is a host and a port, and warns where others can reach it", arguments: rows)
    func parses(_ row: Row) throws {
        let address = try ListenAddress(parsing: row.text)

        #expect(address.host == row.host)
        #expect(address.port == row.port)
        #expect((address.warning == nil) == row.isLoopback)
        #expect(try ListenAddress(parsing: "\(address)") == address)
    }

    @Test(
        "is refused where it is something else",
        arguments: ["", "8083", "host", "host:x", "host:65536", "::1:80", "h:-1"]
    )
    func refused(text: String) {
        #expect(throws: UsageError.self) { try ListenAddress(parsing: text) }
    }
}
