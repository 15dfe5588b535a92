/// Where an object that a manifest names is.
package struct ObjectLocation: Sendable, Hashable, CustomStringConvertible {
    package let bucket: String
    package let key: String

    package init(bucket: String, key: String) {
        self.bucket = bucket
        self.key = key
    }

    /// Reads `s3://bucket/key`; `nil` for anything else.
    package init?(uri: String) {
        guard uri.lowercased().hasPrefix("s3://") else { return nil }
        let rest = uri.utf8.dropFirst(5)
        guard let slash = rest.firstIndex(of: UInt8(ascii: "/")), slash > rest.startIndex else { return nil }
        let key = rest[rest.index(after: slash)...]
        guard !key.isEmpty else { return nil }
        self.init(bucket: String(Substring(rest[..<slash])), key: String(Substring(key)))
    }

    package var description: String { "s3://\(bucket)/\(key)" }
}
