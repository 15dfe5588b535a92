import Glibc
import Postgres

/// A client of the server's that sends a query and never reads an answer, as one whose process was stopped.
final class StalledClient {
    private let descriptor: Int32

    /// Connects over the Unix socket that the settings name, whose users are trusted.
    init(of settings: ConnectionSettings, performing sql: String) throws {
        var options: [String: String] = [:]
        for word in settings.conninfo.split(separator: " ") {
            let parts = word.split(separator: "=", maxSplits: 1).map(String.init)
            options[parts[0]] = parts[1]
        }
        descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let path = Array("\(options["host"] ?? "")/.s.PGSQL.\(options["port"] ?? "5432")".utf8)
        unsafe withUnsafeMutableBytes(of: &address.sun_path) { unsafe $0.copyBytes(from: path) }
        let status = unsafe withUnsafeBytes(of: &address) { bytes in
            unsafe connect(
                descriptor,
                bytes.baseAddress?.assumingMemoryBound(to: sockaddr.self),
                socklen_t(bytes.count)
            )
        }
        guard status == 0 else { throw Failure(code: errno) }
        let words = [
            "user", options["user"] ?? "", "database", settings.database ?? options["dbname"] ?? "",
            "application_name", settings.applicationName,
        ]
        try send(message: [0, 3, 0, 0] + words.flatMap { Array($0.utf8) + [0] } + [0], of: nil)
        try send(message: Array(sql.utf8) + [0], of: UInt8(ascii: "Q"))
    }

    func close() { _ = Glibc.close(descriptor) }

    private func send(message: [UInt8], of type: UInt8?) throws {
        let length = unsafe withUnsafeBytes(of: UInt32(message.count + 4).bigEndian) { unsafe Array($0) }
        let bytes = (type.map { [$0] } ?? []) + length + message
        let count = unsafe bytes.withUnsafeBytes { unsafe write(descriptor, $0.baseAddress, $0.count) }
        guard count == bytes.count else { throw Failure(code: errno) }
    }

    struct Failure: Error { let code: Int32 }
}
