import Crypto
import Dispatch

/// An object store in a folder: a bucket is a folder in it, an object a file.
///
/// A file's path is its object's key, so people put inputs there and look at results with the tools they have; see
/// `KeyPath` for keys that are no paths. What a file system cannot do is refused: an object `a` beside an object `a/b`.
/// Buckets are made by people, as with S3. Objects appear whole and on the disk, or not at all; what a process left that died while
/// it put one is removed by those that open the store later. An ETag tells a file's
/// content by its identity, size and time of change; `describe` has the one that S3 would have.
package struct DirectoryObjects: ObjectStore {
    /// Where blocking is no harm.
    static let queue = DispatchQueue(label: "braid.objects", attributes: .concurrent)

    /// The folder of the buckets.
    package let root: String
    private let folders: FolderCache

    /// - Parameters:
    ///   - root: A folder that is there.
    ///   - mostNameBytes: How many bytes of one folder's names are held at most while it is listed.
    package init(root: String, mostNameBytes: Int = 24 << 20) {
        self.root = root.hasSuffix("/") ? String(root.dropLast()) : root
        folders = FolderCache(mostNameBytes: mostNameBytes)
        Self.queue.async { [self] in removeLeftovers() }
    }

    package func head(_ name: ObjectName) async throws(ObjectStoreError) -> ObjectInfo {
        try await perform { () throws(ObjectStoreError) in
            let status = try status(of: name)
            return ObjectInfo(size: status.size, etag: status.etag)
        }
    }

    package func read(
        _ name: ObjectName,
        _ range: Range<Int>,
        ifMatch etag: String?
    ) async throws(ObjectStoreError) -> [UInt8] {
        try await perform { () throws(ObjectStoreError) in
            // Whether it is there, and a file.
            _ = try status(of: name)
            let path = try path(of: name)
            let found: (bytes: [UInt8], before: FileSystem.Status, after: FileSystem.Status)
            do throws(FileSystem.Failure) {
                found = try FileSystem.read(path, range)
            } catch {
                throw error.error(name.description)
            }
            guard etag == nil || etag == found.before.etag, found.before.etag == found.after.etag else {
                throw .objectChanged
            }
            return found.bytes
        }
    }

    package func list(_ request: ObjectListRequest) async throws(ObjectStoreError) -> ObjectListing {
        try await perform { () throws(ObjectStoreError) in
            let folder = try bucket(request.bucket)
            var listing = DirectoryListing(request, in: folders)
            listing.walk(folder, at: "")
            return listing.result
        }
    }

    @discardableResult
    package func put(_ bytes: [UInt8], as name: ObjectName) async throws(ObjectStoreError) -> String {
        try await perform { () throws(ObjectStoreError) in
            var pieces = [bytes][...]
            return try write(name) { () throws(FileSystem.Failure) in pieces.popFirst() }
        }
    }

    package func beginUpload(of name: ObjectName) async throws(ObjectStoreError) -> ObjectUpload {
        try await perform { () throws(ObjectStoreError) in
            let bucket = try bucket(name.bucket)
            _ = try path(of: name)
            let upload = ObjectUpload(object: name, id: randomBytes(count: 16).hexadecimal)
            try make(try folder(of: upload), below: bucket)
            return upload
        }
    }

    package func uploadPart(
        _ bytes: [UInt8],
        number: Int,
        of upload: ObjectUpload
    ) async throws(ObjectStoreError) -> UploadedPart {
        try await perform { () throws(ObjectStoreError) in
            guard (1...10_000).contains(number) else {
                throw .refused("InvalidArgument", 400, "Part number must be an integer between 1 and 10000, inclusive")
            }
            let folder = try folder(of: upload)
            guard (try? FileSystem.status(of: folder)) != nil else { throw .noSuchUpload }
            do throws(FileSystem.Failure) {
                let etag = try PartFolder(path: folder).take(bytes, as: number)
                return UploadedPart(number: number, etag: "\"\(etag)\"", size: bytes.count)
            } catch {
                throw error.isAbsence ? .noSuchUpload : error.error("part \(number) of \(upload.object)")
            }
        }
    }

    @discardableResult
    package func complete(_ upload: ObjectUpload, _ parts: [UploadedPart]) async throws(ObjectStoreError) -> String {
        try await perform { () throws(ObjectStoreError) in
            let folder = try folder(of: upload)
            guard (try? FileSystem.status(of: folder)) != nil else {
                guard let status = try? status(of: upload.object), status.size == parts.reduce(0, { $0 + $1.size })
                else { throw .noSuchUpload }
                return status.etag
            }
            guard let found = PartFolder(path: folder).pieces(of: parts) else { throw .invalidPart }
            guard !parts.isEmpty, zip(parts, parts.dropFirst()).allSatisfy({ $0.number < $1.number }) else {
                throw .refused("InvalidPartOrder", 400, "The list of parts was not in ascending order.")
            }
            let etag = try place(upload.object, besides: folder) { (path) throws(FileSystem.Failure) in
                try PartFolder(path: folder).join(found, as: path)
            }
            FileSystem.removeFolder(folder)
            return etag
        }
    }

    package func abort(_ upload: ObjectUpload) async throws(ObjectStoreError) {
        try await perform { () throws(ObjectStoreError) in FileSystem.removeFolder(try folder(of: upload)) }
    }
}

// MARK: - Files

extension DirectoryObjects {
    /// Does what may block where it holds nobody up.
    func perform<Answer: Sendable>(
        _ work: @escaping @Sendable () throws(ObjectStoreError) -> Answer
    ) async throws(ObjectStoreError) -> Answer {
        let result: Result<Answer, ObjectStoreError> = await withCheckedContinuation { continuation in
            Self.queue.async {
                do throws(ObjectStoreError) {
                    continuation.resume(returning: .success(try work()))
                } catch {
                    continuation.resume(returning: .failure(error))
                }
            }
        }
        return try result.get()
    }

    /// The path of a bucket that is there.
    func bucket(_ name: String) throws(ObjectStoreError) -> String {
        let path = "\(root)/\(try KeyPath.folder(of: name))"
        guard let status = try? FileSystem.status(of: path), status.isFolder else { throw .noSuchBucket }
        return path
    }

    func path(of name: ObjectName) throws(ObjectStoreError) -> String {
        guard name.versionID == nil else {
            throw .refused("NoSuchVersion", 404, "The specified version does not exist: a directory keeps none.")
        }
        return "\(try bucket(name.bucket))/\(try KeyPath.path(of: name.key))"
    }

    func status(of name: ObjectName) throws(ObjectStoreError) -> FileSystem.Status {
        let path = try path(of: name)
        let status: FileSystem.Status
        do throws(FileSystem.Failure) {
            status = try FileSystem.status(of: path)
        } catch {
            throw error.isAbsence ? .noSuchKey : error.error(name.description)
        }
        guard status.isFile else { throw .noSuchKey }
        return status
    }

    private func folder(of upload: ObjectUpload) throws(ObjectStoreError) -> String {
        guard [UInt8](hexadecimal: upload.id)?.count == 16 else { throw .noSuchUpload }
        return "\(try bucket(upload.object.bucket))/\(KeyPath.staging)/\(upload.id)"
    }

    private func make(_ folder: String, below root: String) throws(ObjectStoreError) {
        do throws(FileSystem.Failure) {
            try FileSystem.makeFolder(folder, below: root)
        } catch {
            if error.isAbsence {
                throw .refused("InvalidArgument", 400, "An object stands where '\(folder)' must be a folder")
            }
            throw error.error(folder)
        }
    }

    /// Writes an object beside its place, and puts it there once it is on the disk.
    func write(
        _ name: ObjectName,
        with headers: ObjectHeaders = ObjectHeaders(),
        _ pieces: () throws(FileSystem.Failure) -> [UInt8]?
    ) throws(ObjectStoreError) -> String {
        try place(name, with: headers) { (path) throws(FileSystem.Failure) in try FileSystem.write(path, pieces) }
    }

    /// Has an object made beside its place, which `making` does, to the disk, and puts it there.
    ///
    /// One of parts is made in their folder, with which it goes when the upload is given up.
    private func place(
        _ name: ObjectName,
        with headers: ObjectHeaders = ObjectHeaders(),
        besides parts: String? = nil,
        by making: (_ path: String) throws(FileSystem.Failure) -> Void
    ) throws(ObjectStoreError) -> String {
        let bucket = try bucket(name.bucket)
        let path = try path(of: name)
        try make("\(bucket)/\(KeyPath.staging)", below: bucket)
        let folder = String(path[..<(path.lastIndex(of: "/") ?? path.endIndex)])
        try make(folder, below: bucket)
        let beside = parts ?? "\(bucket)/\(KeyPath.staging)"
        let unfinished = "\(beside)/\(randomBytes(count: 16).hexadecimal).object"
        do throws(FileSystem.Failure) {
            try making(unfinished)
            try FileSystem.setHeaders(headers, of: unfinished)
            do throws(FileSystem.Failure) {
                try FileSystem.move(unfinished, to: path)
            } catch {
                // Whoever removed the last object of the folder may have removed it, too.
                guard error.isAbsence else { throw error }
                try FileSystem.makeFolder(folder, below: bucket)
                try FileSystem.move(unfinished, to: path)
            }
            return try FileSystem.status(of: path).etag
        } catch {
            FileSystem.removeFile(unfinished)
            if (try? FileSystem.status(of: path))?.isFolder == true {
                throw .refused(
                    "InvalidArgument",
                    400,
                    "\(name) is a folder of other objects: a directory cannot hold both"
                )
            }
            if error.isAbsence {
                throw .refused("InvalidArgument", 400, "An object stands where a folder of \(name) must be")
            }
            throw error.error(name.description)
        }
    }
}
