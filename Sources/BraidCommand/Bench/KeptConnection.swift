import Glibc

/// One HTTP connection to a service of this machine, kept and blocking: what load costs must not be the measurement.
final class KeptConnection {
    struct Answer {
        var status: Int
        /// The header fields as they came, behind the first line.
        var head: ArraySlice<UInt8>
        var body: ArraySlice<UInt8>

        var text: String { String(decoding: body, as: UTF8.self) }

        /// The value of a header field.
        func field(_ name: StaticString) -> ArraySlice<UInt8>? {
            KeptConnection.field(name, in: head)
        }
    }

    private let descriptor: Int32
    private let port: Int
    /// What has come and belongs to no answer that was given, at its beginning.
    private var buffer: [UInt8] = []
    private var count = 0

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
    func send(
        _ method: String,
        _ path: String,
        _ fields: String,
        _ body: some Collection<UInt8>
    ) throws(CommandFailure) {
        let head =
            "\(method) \(path) HTTP/1.1\r\nHost: 127.0.0.1:\(port)\r\n\(fields)Content-Length: \(body.count)\r\n\r\n"
        var bytes = Array(head.utf8)
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
        var searched = 0
        var end = headEnd(from: searched)
        while end == nil {
            searched = max(0, count - 3)
            try receive()
            end = headEnd(from: searched)
        }
        guard let end else { throw Self.gone }
        let head = ArraySlice(Array(buffer[..<end]))
        let length = Self.field("Content-Length", in: head).flatMap { Int(String(decoding: $0, as: UTF8.self)) } ?? 0
        while count < end + length { try receive() }
        let answer = Answer(
            status: Int(String(decoding: head.dropFirst(9).prefix(3), as: UTF8.self)) ?? 0,
            head: head,
            body: ArraySlice(Array(buffer[end..<end + length]))
        )
        count -= end + length
        // Answers come one by one: nothing is left as a rule.
        if count > 0 { buffer.removeFirst(end + length) }
        return answer
    }

    /// Where a head ends, the empty line behind it included.
    private func headEnd(from start: Int) -> Int? {
        var index = start
        while index + 3 < count {
            // The last of the four decides how far to look on.
            switch buffer[index + 3] {
            case 0x0A:
                if buffer[index] == 0x0D, buffer[index + 1] == 0x0A, buffer[index + 2] == 0x0D { return index + 4 }
                index += 2
            case 0x0D: index += 1
            default: index += 4
            }
        }
        return nil
    }

    /// The value of a header field.
    private static func field(_ name: StaticString, in head: ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
        for line in head.split(separator: 0x0A) {
            guard line.count > name.utf8CodeUnitCount, line[line.startIndex + name.utf8CodeUnitCount] == 0x3A,
                unsafe zip(line, UnsafeBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount))
                    .allSatisfy({ $0 | 0x20 == $1 | 0x20 })
            else { continue }
            let value = line.dropFirst(name.utf8CodeUnitCount + 1).drop { $0 == 0x20 }
            return value.last == 0x0D ? value.dropLast() : value
        }
        return nil
    }

    private func receive() throws(CommandFailure) {
        if count == buffer.count { buffer += [UInt8](repeating: 0, count: max(4_096, buffer.count)) }
        let room = count..<buffer.count
        let received = unsafe buffer.withUnsafeMutableBytes { bytes in
            unsafe recv(descriptor, bytes.baseAddress?.advanced(by: room.lowerBound), room.count, 0)
        }
        guard received > 0 else { throw Self.gone }
        count += received
    }

    private static let gone = CommandFailure(.unavailable, "the service closed a connection")
}
