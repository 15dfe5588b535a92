import CSystem
import Glibc

/// What goes with a file's content, in extended attributes of the file.
///
/// The type stands where other programs look for it (freedesktop.org, "Guidelines for extended attributes"). A file system
/// without extended attributes keeps contents alone.
extension FileSystem {
    private static let typeName = "user.mime_type"
    private static let headersName = "user.braid.headers"

    /// Returns what is kept with a file.
    static func headers(of path: String) -> ObjectHeaders {
        var received: [(name: String, value: String)] = []
        for line in (attribute(headersName, of: path) ?? "").split(separator: "\n") {
            guard let colon = line.firstIndex(of: ":") else { continue }
            received.append((name: String(line[..<colon]), value: String(line[colon...].dropFirst(2))))
        }
        if let type = attribute(typeName, of: path) { received.append((name: "Content-Type", value: type)) }
        return ObjectHeaders(received: received)
    }

    /// Keeps something with a file.
    static func setHeaders(_ headers: ObjectHeaders, of path: String) throws(Failure) {
        var rest = headers
        if let type = rest.fields.removeValue(forKey: "ContentType") { try setAttribute(typeName, type, of: path) }
        let text = rest.sent.map { "\($0.name): \($0.value)" }.joined(separator: "\n")
        if !text.isEmpty { try setAttribute(headersName, text, of: path) }
    }

    private static func attribute(_ name: String, of path: String) -> String? {
        let size = unsafe getxattr(path, name, nil, 0)
        guard size > 0 else { return nil }
        var bytes = [UInt8](repeating: 0, count: size)
        let count = unsafe bytes.withUnsafeMutableBytes { unsafe getxattr(path, name, $0.baseAddress, $0.count) }
        return count < 0 ? nil : String(decoding: bytes.prefix(count), as: UTF8.self)
    }

    private static func setAttribute(_ name: String, _ value: String, of path: String) throws(Failure) {
        let bytes = Array(value.utf8)
        let result = unsafe bytes.withUnsafeBytes { unsafe setxattr(path, name, $0.baseAddress, $0.count, 0) }
        guard result == 0 || errno == ENOTSUP else { throw .current }
    }
}
