import HTTPClient

extension S3Objects {
    package func describe(_ name: ObjectName) async throws(ObjectStoreError) -> ObjectDescription {
        let response = try await headers(of: name)
        guard let size = response.header("Content-Length").flatMap({ Int($0) }), let etag = response.header("ETag")
        else { throw .malformedAnswer(reason: "there is no length or ETag of \(name)") }
        return ObjectDescription(
            info: ObjectInfo(size: size, etag: etag),
            etag: etag,
            lastModified: response.header("Last-Modified").flatMap { S3Time.seconds(ofHTTPDate: $0) } ?? 0,
            headers: ObjectHeaders(received: response.headers)
        )
    }

    package func put(
        _ bytes: [UInt8],
        as name: ObjectName,
        with headers: ObjectHeaders
    ) async throws(ObjectStoreError) -> ObjectReceipt {
        guard headers.areValid else { throw .invalidHeaders }
        var request = S3Request("PUT", name)
        request.body = bytes
        request.headers = headers.sent + [(name: "x-amz-checksum-crc32", value: checksum(of: bytes))]
        let response = try await connection.send(request)
        return ObjectReceipt(
            etag: try etag(of: response, name),
            checksum: response.header("x-amz-checksum-crc32"),
            encryption: response.header("x-amz-server-side-encryption"),
            versionID: response.header("x-amz-version-id")
        )
    }

    package func delete(_ name: ObjectName) async throws(ObjectStoreError) {
        _ = try await connection.send(S3Request("DELETE", name))
    }
}
