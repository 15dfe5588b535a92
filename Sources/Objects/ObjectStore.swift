/// A store of objects in buckets, as S3 has them.
///
/// Both conformances answer alike, errors with S3's codes included; one suite of tests holds them to it. What an object has
/// been read as and what it is later told apart by its ETag alone.
package protocol ObjectStore: Sendable {
    /// Returns what is known of an object.
    func head(_ name: ObjectName) async throws(ObjectStoreError) -> ObjectInfo

    /// Returns a range of an object's bytes, cut where the object ends: none behind its end.
    ///
    /// - Parameters:
    ///   - name: The object.
    ///   - range: The bytes, counted from 0.
    ///   - etag: The ETag that the object must have; `nil` is any.
    /// - Returns: The bytes.
    /// - Throws: `PreconditionFailed` when the object has another ETag.
    func read(_ name: ObjectName, _ range: Range<Int>, ifMatch etag: String?) async throws(ObjectStoreError) -> [UInt8]

    /// Returns a page of a bucket's objects, in the order of their keys' bytes.
    func list(_ request: ObjectListRequest) async throws(ObjectStoreError) -> ObjectListing

    /// Makes an object of some bytes, in place of what has its name: all of it or nothing.
    ///
    /// - Parameters:
    ///   - bytes: The content.
    ///   - name: The object.
    /// - Returns: Its ETag.
    /// - Throws: What keeps it from being written.
    @discardableResult
    func put(_ bytes: [UInt8], as name: ObjectName) async throws(ObjectStoreError) -> String

    /// Returns all that is known of an object but its content.
    func describe(_ name: ObjectName) async throws(ObjectStoreError) -> ObjectDescription

    /// Makes an object as ``put(_:as:)`` does, and keeps with it what is said of it.
    ///
    /// - Throws: `InvalidArgument` when something cannot be the value of a header field.
    func put(
        _ bytes: [UInt8],
        as name: ObjectName,
        with headers: ObjectHeaders
    ) async throws(ObjectStoreError) -> ObjectReceipt

    /// Removes an object; that there is none is no error.
    func delete(_ name: ObjectName) async throws(ObjectStoreError)

    /// Begins to make an object of parts.
    func beginUpload(of name: ObjectName) async throws(ObjectStoreError) -> ObjectUpload

    /// Uploads a part; one of the same number replaces it, so that whoever is not sure may do it again.
    ///
    /// - Parameters:
    ///   - bytes: The part: at least 5 MiB, unless it is the last.
    ///   - number: From 1 to 10,000.
    ///   - upload: What ``beginUpload(of:)`` returned.
    /// - Returns: What ``complete(_:_:)`` must be told.
    /// - Throws: `NoSuchUpload` when it was completed or aborted.
    func uploadPart(
        _ bytes: [UInt8],
        number: Int,
        of upload: ObjectUpload
    ) async throws(ObjectStoreError) -> UploadedPart

    /// Makes the object of the parts, in order of their numbers.
    ///
    /// To complete once more what was completed is no error as long as the object is there and as large as its parts.
    ///
    /// - Parameters:
    ///   - upload: What ``beginUpload(of:)`` returned.
    ///   - parts: Every part, in order.
    /// - Returns: The object's ETag.
    /// - Throws: `InvalidPart` when one is not there, `NoSuchUpload` when it was aborted.
    @discardableResult
    func complete(_ upload: ObjectUpload, _ parts: [UploadedPart]) async throws(ObjectStoreError) -> String

    /// Gives an upload up, and what has been uploaded; one that is over already is no error.
    func abort(_ upload: ObjectUpload) async throws(ObjectStoreError)
}

/// What leads to an object.
package struct ObjectName: Sendable, Hashable, CustomStringConvertible {
    package var bucket: String
    package var key: String
    /// One version of it; `nil` is the latest.
    package var versionID: String?
    /// The account that must own the bucket; `nil` is any.
    package var expectedBucketOwner: String?

    package init(bucket: String, key: String, versionID: String? = nil, expectedBucketOwner: String? = nil) {
        self.bucket = bucket
        self.key = key
        self.versionID = versionID
        self.expectedBucketOwner = expectedBucketOwner
    }

    package var description: String { "s3://\(bucket)/\(key)" }
}

/// What is known of an object.
package struct ObjectInfo: Sendable, Hashable {
    package let size: Int
    /// With its quotes.
    package let etag: String

    package init(size: Int, etag: String) {
        self.size = size
        self.etag = etag
    }
}

/// Which objects of a bucket are wanted.
package struct ObjectListRequest: Sendable, Hashable {
    package var bucket: String
    /// What their keys begin with.
    package var prefix: String
    /// The key behind which they stand; a page's last key leads to the next page, today or after a restart.
    package var after: String?
    /// How many at most, up to 1,000.
    package var limit: Int
    package var expectedBucketOwner: String?

    package init(
        bucket: String,
        prefix: String = "",
        after: String? = nil,
        limit: Int = 1_000,
        expectedBucketOwner: String? = nil
    ) {
        self.bucket = bucket
        self.prefix = prefix
        self.after = after
        self.limit = limit
        self.expectedBucketOwner = expectedBucketOwner
    }
}

/// A page of a listing.
package struct ObjectListing: Sendable, Hashable {
    package struct Entry: Sendable, Hashable {
        package let key: String
        package let size: Int
        /// With its quotes.
        package let etag: String
        /// In seconds since 1970.
        package let lastModified: Int
        package let storageClass: String

        package init(key: String, size: Int, etag: String, lastModified: Int, storageClass: String = "STANDARD") {
            self.key = key
            self.size = size
            self.etag = etag
            self.lastModified = lastModified
            self.storageClass = storageClass
        }
    }

    package let entries: [Entry]
    /// Whether more objects follow.
    package let isTruncated: Bool

    package init(entries: [Entry], isTruncated: Bool) {
        self.entries = entries
        self.isTruncated = isTruncated
    }
}

/// An object that is being made of parts.
package struct ObjectUpload: Sendable, Hashable {
    package let object: ObjectName
    package let id: String

    package init(object: ObjectName, id: String) {
        self.object = object
        self.id = id
    }
}

/// A part that has been uploaded.
package struct UploadedPart: Sendable, Hashable {
    package let number: Int
    package let etag: String
    package let size: Int

    package init(number: Int, etag: String, size: Int) {
        self.number = number
        self.etag = etag
        self.size = size
    }
}
