import Crypto

extension DirectoryObjects {
    /// The largest file whose ETag is its content's MD5; S3's are something else, too, where objects are made of parts.
    private static let hashedBytes = 16 << 20

    /// How S3 says by default that objects are encrypted; a directory's encryption is its file system's.
    private static let encryption = "AES256"

    package func describe(_ name: ObjectName) async throws(ObjectStoreError) -> ObjectDescription {
        try await perform { () throws(ObjectStoreError) in
            let status = try status(of: name)
            let path = try path(of: name)
            var headers = FileSystem.headers(of: path)
            headers.fields["ContentType"] = headers.fields["ContentType"] ?? ObjectHeaders.defaultContentType
            headers.fields["ServerSideEncryption"] = headers.fields["ServerSideEncryption"] ?? Self.encryption
            var etag = status.etag
            if status.size <= Self.hashedBytes {
                do throws(FileSystem.Failure) {
                    etag = Self.etag(of: try FileSystem.read(path, 0..<status.size).bytes) ?? etag
                } catch {
                    throw error.error(name.description)
                }
            }
            return ObjectDescription(
                info: ObjectInfo(size: status.size, etag: status.etag),
                etag: etag,
                lastModified: status.modifiedAt,
                headers: headers
            )
        }
    }

    package func put(
        _ bytes: [UInt8],
        as name: ObjectName,
        with headers: ObjectHeaders
    ) async throws(ObjectStoreError) -> ObjectReceipt {
        guard headers.areValid else { throw .invalidHeaders }
        return try await perform { () throws(ObjectStoreError) in
            var pieces = [bytes][...]
            let etag = try write(name, with: headers) { () throws(FileSystem.Failure) in pieces.popFirst() }
            return ObjectReceipt(
                etag: bytes.count <= Self.hashedBytes ? Self.etag(of: bytes) ?? etag : etag,
                checksum: checksum(of: bytes),
                encryption: headers.fields["ServerSideEncryption"] ?? Self.encryption
            )
        }
    }

    package func delete(_ name: ObjectName) async throws(ObjectStoreError) {
        try await perform { () throws(ObjectStoreError) in
            let bucket = try bucket(name.bucket)
            let path = try path(of: name)
            guard (try? FileSystem.status(of: path))?.isFile == true else { return }
            do throws(FileSystem.Failure) {
                try FileSystem.remove(path, withFoldersBelow: bucket)
            } catch {
                if !error.isAbsence { throw error.error(name.description) }
            }
        }
    }

    /// `nil` where the system forbids MD5.
    private static func etag(of bytes: [UInt8]) -> String? {
        let digest = hash(bytes, with: .md5)
        return digest.isEmpty ? nil : "\"\(digest.hexadecimal)\""
    }
}
