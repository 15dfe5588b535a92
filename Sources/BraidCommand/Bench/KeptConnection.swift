import Glibc

/// One HTTP connection to a service of this machine, kept and blocking: what load costs must not be the measurement.
final class KeptConnection {
    struct Answer {
        var status: Int
        /// The header fields as they came, without the first line.
        var head: String
        var body: [UInt8]

        var text: String { String(decoding: body, as: UTF8.self) }
    }

    private let descriptor: Int32
    private let port: Int
    private var received: [UInt8] = []

    /// Connects to a port of 127.0.0.1.
    init(port: Int) throws(CommandFailure) {
        self.port = port
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(UInt16(clamping: port)).bigEndian
        address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
        let size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isConnected = unsafe withUnsafePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { unsafe connect(descriptor, $0, size) }
                == 0
        }
        guard isConnected else { throw CommandFailure(.unavailable, "port \(port) cannot be connected to") }
        var on: Int32 = 1
        _ = unsafe setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(MemoryLayout<Int32>.size))
    }

    deinit { close(descriptor) }

    /// Sends one action of the AWS protocol and waits for its answer.
    func call(_ action: String, _ body: String) throws(CommandFailure) -> Answer {
        try begin(action, body)
        return try answer()
    }

    /// Sends one action of the AWS protocol.
    func begin(_ action: String, _ body: String) throws(CommandFailure) {
        try send(
            "POST",
            "/",
            "Content-Type: application/x-amz-json-1.0\r\nX-Amz-Target: AWSStepFunctions.\(action)\r\n",
            Array(body.utf8)
        )
    }

    /// Sends a request; `fields` are whole lines.
    func send(_ method: String, _ path: String, _ fields: String, _ body: [UInt8]) throws(CommandFailure) {
        var bytes = Array("\(method) \(path) HTTP/1.1\r\nHost: 127.0.0.1:\(port)\r\n\(fields)".utf8)
        bytes += Array("Content-Length: \(body.count)\r\n\r\n".utf8)
        bytes += body
        var sent = 0
        while sent < bytes.count {
            let count = unsafe bytes.withUnsafeBytes { bytes in
                unsafe Glibc.send(
                    descriptor,
                    bytes.baseAddress?.advanced(by: sent),
                    bytes.count - sent,
                    Int32(truncatingIfNeeded: MSG_NOSIGNAL)
                )
            }
            guard count > 0 else { throw Self.gone }
            sent += count
        }
    }

    /// Waits for an answer.
    func answer() throws(CommandFailure) -> Answer {
        let separator = Array("\r\n\r\n".utf8)
        var end = received.firstRange(of: separator)
        while end == nil {
            try receive()
            end = received.firstRange(of: separator)
        }
        guard let end else { throw Self.gone }
        let head = String(decoding: received[..<end.lowerBound], as: UTF8.self)
        let length = Self.field("content-length", in: head).flatMap { Int($0) } ?? 0
        while received.count < end.upperBound + length { try receive() }
        let body = Array(received[end.upperBound..<end.upperBound + length])
        received.removeFirst(end.upperBound + length)
        let status = Int(head.dropFirst(9).prefix(3)) ?? 0
        return Answer(status: status, head: head, body: body)
    }

    /// The value of a header field.
    static func field(_ name: String, in head: String) -> String? {
        for line in head.utf8.split(separator: UInt8(ascii: "\n")) {
            guard let colon = line.firstIndex(of: UInt8(ascii: ":")),
                line[..<colon].count == name.utf8.count,
                line[..<colon].lazy.map({ $0 | 0x20 }).elementsEqual(name.utf8.lazy.map { $0 | 0x20 })
            else { continue }
            let value = line[line.index(after: colon)...].filter { $0 != 0x20 && $0 != 0x0D }
            return String(decoding: value, as: UTF8.self)
        }
        return nil
    }

    private func receive() throws(CommandFailure) {
        var buffer = [UInt8](repeating: 0, count: 16_384)
        let count = unsafe buffer.withUnsafeMutableBytes { unsafe recv(descriptor, $0.baseAddress, $0.count, 0) }
        guard count > 0 else { throw Self.gone }
        received += buffer[..<count]
    }

    private static let gone = CommandFailure(.unavailable, "the service closed a connection")
}
