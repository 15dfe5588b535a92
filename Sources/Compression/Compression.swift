/// How an object's bytes are compressed.
package enum Compression: String, Sendable, Hashable, CaseIterable {
    case gzip = "GZIP"
    case zstd = "ZSTD"

    /// The compression that a key's extension tells, `nil` for plain bytes.
    ///
    /// Source: reference §14, "GZIP and ZSTD by extension".
    package init?(key: String) {
        let name = key.lowercased()
        if name.hasSuffix(".gz") || name.hasSuffix(".gzip") {
            self = .gzip
        } else if name.hasSuffix(".zst") || name.hasSuffix(".zstd") {
            self = .zstd
        } else {
            return nil
        }
    }
}

/// Why bytes cannot be decompressed.
package enum CompressionError: Error, Hashable, CustomStringConvertible {
    /// The bytes are not what they are said to be; `offset` counts the compressed bytes before the fault.
    case corrupt(Compression, offset: Int)
    /// The bytes end in the middle.
    case truncated(Compression, offset: Int)
    /// The system has no memory for it.
    case outOfMemory

    package var description: String {
        switch self {
        case .corrupt(let kind, let offset): "the \(kind.rawValue) data is corrupt at byte \(offset)"
        case .truncated(let kind, let offset): "the \(kind.rawValue) data ends too early, at byte \(offset)"
        case .outOfMemory: "there is no memory to decompress with"
        }
    }
}
