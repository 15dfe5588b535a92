/// Reads an object from some byte to its end, a range after the other.
///
/// All ranges are of one and the same content: when the object is replaced in between, the next read fails with
/// `PreconditionFailed`. It holds no more than one range, and is a value: reading goes on wherever ``offset`` says.
package struct ObjectReader: Sendable {
    /// What is read at once.
    package static let rangeBytes = 4 << 20

    package let name: ObjectName
    /// The object as it was when reading began.
    package let info: ObjectInfo
    /// The bytes that have been read, or were in front of where reading began.
    package private(set) var offset: Int
    private let store: any ObjectStore
    private let rangeBytes: Int

    /// Begins to read an object as it is now.
    ///
    /// - Parameters:
    ///   - name: The object.
    ///   - store: Where it is.
    ///   - offset: The bytes that are not wanted.
    ///   - etag: The ETag that the object must have, where reading began earlier.
    ///   - rangeBytes: What is read at once.
    /// - Throws: `PreconditionFailed` when the object has another ETag.
    package init(
        _ name: ObjectName,
        in store: any ObjectStore,
        from offset: Int = 0,
        ifMatch etag: String? = nil,
        rangeBytes: Int = ObjectReader.rangeBytes
    ) async throws(ObjectStoreError) {
        info = try await store.head(name)
        if let etag, etag != info.etag { throw .objectChanged }
        self.name = name
        self.store = store
        self.offset = offset
        self.rangeBytes = rangeBytes
    }

    /// Returns the next bytes, `nil` behind the last.
    package mutating func next() async throws(ObjectStoreError) -> [UInt8]? {
        guard offset < info.size else { return nil }
        let range = offset..<min(offset + rangeBytes, info.size)
        let bytes = try await store.read(name, range, ifMatch: info.etag)
        guard bytes.count == range.count else {
            throw .malformedAnswer(reason: "\(name) gave \(bytes.count) bytes instead of \(range.count)")
        }
        offset = range.upperBound
        return bytes
    }
}

extension ObjectStoreError {
    /// The object is no longer the one that was asked for.
    static let objectChanged = ObjectStoreError.refused(
        "PreconditionFailed",
        412,
        "At least one of the pre-conditions you specified did not hold"
    )
    static let noSuchKey = ObjectStoreError.refused("NoSuchKey", 404, "The specified key does not exist.")
    static let noSuchBucket = ObjectStoreError.refused("NoSuchBucket", 404, "The specified bucket does not exist")
    static let noSuchUpload = ObjectStoreError.refused(
        "NoSuchUpload",
        404,
        "The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed."
    )
    static let invalidPart = ObjectStoreError.refused(
        "InvalidPart",
        400,
        "One or more of the specified parts could not be found."
    )
}
