package import JSON

/// What `listObjectsV2` says of an object: an item of a Map that is run over a listing.
package struct ObjectMetadata: Sendable, Hashable {
    /// With its quotes, as S3 gives it.
    package let etag: String
    package let key: String
    /// In seconds since 1970.
    package let lastModified: Int
    package let size: Int
    package let storageClass: String

    package init(etag: String, key: String, lastModified: Int, size: Int, storageClass: String = "STANDARD") {
        self.etag = etag
        self.key = key
        self.lastModified = lastModified
        self.size = size
        self.storageClass = storageClass
    }

    /// The item, its members in AWS's order.
    ///
    /// Source: reference §14.
    package var item: JSONText {
        JSONText(
            .object([
                "Etag": .string(etag), "Key": .string(key), "LastModified": .number(JSONNumber(lastModified)),
                "Size": .number(JSONNumber(size)), "StorageClass": .string(storageClass),
            ])
        )
    }

    /// Whether the object has content to be loaded: the markers that stand for folders have none.
    package var isFolderMarker: Bool { size == 0 && key.hasSuffix("/") }
}
