import Objects
import Synchronization

/// A store that answers nobody who is cancelled, as one behind a network, and gives uploads up only as long as it can.
final class UnreliableObjects: ObjectStore {
    private let base: DirectoryObjects
    private let giveUps: Bool

    init(_ base: DirectoryObjects, givesUp: Bool = true) {
        self.base = base
        giveUps = givesUp
    }

    private func answer() throws(ObjectStoreError) { if Task.isCancelled { throw .cancelled } }

    func head(_ name: ObjectName) async throws(ObjectStoreError) -> ObjectInfo {
        try answer()
        return try await base.head(name)
    }

    func read(
        _ name: ObjectName,
        _ range: Range<Int>,
        ifMatch etag: String?
    ) async throws(ObjectStoreError) -> [UInt8] {
        try answer()
        return try await base.read(name, range, ifMatch: etag)
    }

    func list(_ request: ObjectListRequest) async throws(ObjectStoreError) -> ObjectListing {
        try answer()
        return try await base.list(request)
    }

    func put(_ bytes: [UInt8], as name: ObjectName) async throws(ObjectStoreError) -> String {
        try answer()
        return try await base.put(bytes, as: name)
    }

    func describe(_ name: ObjectName) async throws(ObjectStoreError) -> ObjectDescription {
        try answer()
        return try await base.describe(name)
    }

    func put(
        _ bytes: [UInt8],
        as name: ObjectName,
        with headers: ObjectHeaders
    ) async throws(ObjectStoreError) -> ObjectReceipt {
        try answer()
        return try await base.put(bytes, as: name, with: headers)
    }

    func delete(_ name: ObjectName) async throws(ObjectStoreError) {
        try answer()
        try await base.delete(name)
    }

    func beginUpload(of name: ObjectName) async throws(ObjectStoreError) -> ObjectUpload {
        try answer()
        return try await base.beginUpload(of: name)
    }

    func uploadPart(
        _ bytes: [UInt8],
        number: Int,
        of upload: ObjectUpload
    ) async throws(ObjectStoreError) -> UploadedPart {
        try answer()
        return try await base.uploadPart(bytes, number: number, of: upload)
    }

    func complete(_ upload: ObjectUpload, _ parts: [UploadedPart]) async throws(ObjectStoreError) -> String {
        try answer()
        return try await base.complete(upload, parts)
    }

    func abort(_ upload: ObjectUpload) async throws(ObjectStoreError) {
        try answer()
        guard giveUps else { throw .unreachable(reason: "it is away") }
        try await base.abort(upload)
    }
}
