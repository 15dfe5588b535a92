/// What is said of an object without its content.
package struct ObjectDescription: Sendable, Hashable {
    /// What ``ObjectStore/read(_:_:ifMatch:)`` knows it by.
    package let info: ObjectInfo
    /// The ETag as S3 has it, with its quotes: the MD5 of what was put at once.
    package let etag: String
    /// In seconds since 1970.
    package let lastModified: Int
    package let headers: ObjectHeaders

    package init(info: ObjectInfo, etag: String, lastModified: Int, headers: ObjectHeaders) {
        self.info = info
        self.etag = etag
        self.lastModified = lastModified
        self.headers = headers
    }
}

/// What goes with an object's content.
package struct ObjectHeaders: Sendable, Hashable {
    /// By the names that AWS's SDK has for them, such as `ContentType`; only those of ``names`` are kept.
    package var fields: [String: String]
    /// What its owner says of it, by names in lower case.
    package var metadata: [String: String]

    package init(fields: [String: String] = [:], metadata: [String: String] = [:]) {
        self.fields = fields
        self.metadata = metadata
    }

    /// The type of an object of which nothing is said.
    package static let defaultContentType = "binary/octet-stream"

    /// The names of the SDK, and of the header fields that stand for them.
    package static let names: [(field: String, header: String)] = [
        ("ContentType", "Content-Type"), ("ContentEncoding", "Content-Encoding"),
        ("ContentLanguage", "Content-Language"), ("ContentDisposition", "Content-Disposition"),
        ("CacheControl", "Cache-Control"), ("WebsiteRedirectLocation", "x-amz-website-redirect-location"),
        ("StorageClass", "x-amz-storage-class"), ("ServerSideEncryption", "x-amz-server-side-encryption"),
        ("SSEKMSKeyId", "x-amz-server-side-encryption-aws-kms-key-id"),
    ]

    private static let metadataPrefix = "x-amz-meta-"

    /// As they are sent to S3.
    var sent: [(name: String, value: String)] {
        Self.names.compactMap { name in fields[name.field].map { (name: name.header, value: $0) } }
            + metadata.sorted { $0.key < $1.key }.map { (name: Self.metadataPrefix + $0.key, value: $0.value) }
    }

    /// Takes what is known of an answer's header fields.
    init(received: [(name: String, value: String)]) {
        self.init()
        for (name, value) in received {
            let name = name.lowercased()
            if name.hasPrefix(Self.metadataPrefix) {
                metadata[String(name.dropFirst(Self.metadataPrefix.count))] = value
            } else if let known = Self.names.first(where: { $0.header.lowercased() == name }) {
                fields[known.field] = value
            }
        }
    }

    /// Whether each can be the value of a header field.
    var areValid: Bool {
        let isName = { (byte: UInt8) in byte > 0x20 && byte < 0x7F && byte != UInt8(ascii: ":") }
        let isText = { (byte: UInt8) in byte >= 0x20 && byte != 0x7F }
        return metadata.keys.allSatisfy { !$0.isEmpty && $0.utf8.allSatisfy(isName) }
            && (Array(metadata.values) + Array(fields.values)).allSatisfy { $0.utf8.allSatisfy(isText) }
    }
}

/// What a store says of what was put.
package struct ObjectReceipt: Sendable, Hashable {
    /// With its quotes, as ``ObjectDescription/etag``.
    package let etag: String
    /// The CRC-32 of the content, big-endian in base64.
    package let checksum: String?
    /// How it is encrypted, such as `AES256`, where that is said.
    package let encryption: String?
    package let versionID: String?

    package init(etag: String, checksum: String?, encryption: String?, versionID: String? = nil) {
        self.etag = etag
        self.checksum = checksum
        self.encryption = encryption
        self.versionID = versionID
    }
}
