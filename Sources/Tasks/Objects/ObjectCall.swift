import JSON
import Objects
import StatesLanguage

/// One call of S3 by a Task.
struct ObjectCall {
    let store: any ObjectStore
    let resultBytes: Int

    /// Performs an action; the result's members are named as AWS's SDK names them.
    func perform(_ action: String, _ parameters: inout ObjectParameters) async throws(CallError) -> JSONObject {
        switch action {
        case "deleteObject": try await deleteObject(&parameters)
        case "getObject": try await getObject(&parameters)
        case "headObject": try await headObject(&parameters)
        case "listObjects", "listObjectsV2":
            try await ObjectListCall(store: store, isSecondVersion: action == "listObjectsV2").perform(&parameters)
        case "putObject": try await putObject(&parameters)
        default: throw .misfit(["The action '\(action)' is not supported"])
        }
    }

    private func name(_ parameters: inout ObjectParameters) throws(CallError) -> ObjectName {
        ObjectName(
            bucket: try parameters.required("Bucket"),
            key: try parameters.required("Key"),
            versionID: try parameters.text("VersionId"),
            expectedBucketOwner: try parameters.text("ExpectedBucketOwner")
        )
    }

    // MARK: Reading

    private func getObject(_ parameters: inout ObjectParameters) async throws(CallError) -> JSONObject {
        let name = try name(&parameters)
        let wanted = try parameters.text("Range")
        try parameters.end()
        var tries = 0
        while true {
            do throws(ObjectStoreError) {
                let description = try await store.describe(name)
                let size = description.info.size
                let range = try Self.range(wanted, of: size)
                let whole = range ?? 0..<size
                // One byte more than may be makes the result too long, which is then said as of any other result.
                let read = whole.lowerBound..<min(whole.upperBound, whole.lowerBound + resultBytes + 1)
                let bytes = try await store.read(name, read, ifMatch: description.info.etag)
                var result = Self.result(of: description)
                result["Body"] = .string(String(decoding: bytes, as: UTF8.self))
                result["ContentLength"] = .number(JSONNumber(whole.count))
                if let range {
                    result["ContentRange"] = .string("bytes \(range.lowerBound)-\(range.upperBound - 1)/\(size)")
                }
                return result
            } catch {
                // Somebody has put another between the two requests.
                tries += 1
                guard error.code == "PreconditionFailed", tries < 5 else { throw .store(error) }
            }
        }
    }

    private func headObject(_ parameters: inout ObjectParameters) async throws(CallError) -> JSONObject {
        let name = try name(&parameters)
        try parameters.end()
        return Self.result(of: try await stored { () throws(ObjectStoreError) in try await store.describe(name) })
    }

    /// Reads `bytes=0-99`, `bytes=100-` or `bytes=-100`, as RFC 9110 has one range; anything else is the whole object.
    static func range(_ text: String?, of size: Int) throws(ObjectStoreError) -> Range<Int>? {
        guard let text, text.hasPrefix("bytes=") else { return nil }
        let ends = text.dropFirst("bytes=".count).split(separator: "-", omittingEmptySubsequences: false)
        guard ends.count == 2 else { return nil }
        let range: Range<Int>
        switch (Int(ends[0]), Int(ends[1])) {
        case (nil, let count?) where ends[0].isEmpty: range = max(0, size - count)..<size
        case (let first?, nil) where ends[1].isEmpty: range = min(first, size)..<size
        case (let first?, let last?) where first <= last: range = min(first, size)..<min(last, size - 1) + 1
        default: return nil
        }
        guard !range.isEmpty else {
            throw .refused(
                ObjectRefusal(code: "InvalidRange", status: 416, message: "The requested range is not satisfiable")
            )
        }
        return range
    }

    /// What GetObject and HeadObject say of an object.
    private static func result(of description: ObjectDescription) -> JSONObject {
        var result: JSONObject = [:]
        for (field, value) in description.headers.fields { result[field] = .string(value) }
        result["AcceptRanges"] = "bytes"
        result["ContentLength"] = .number(JSONNumber(description.info.size))
        result["ETag"] = .string(description.etag)
        result["LastModified"] = .string(instant(description.lastModified))
        let metadata = description.headers.metadata.sorted { $0.key < $1.key }
        result["Metadata"] = .object(JSONObject(metadata.map { (key: $0.key, value: .string($0.value)) }))
        return result
    }

    /// A time in seconds since 1970, as the SDK writes it.
    static func instant(_ seconds: Int) -> String { Timestamp(microseconds: Int64(seconds) * 1_000_000).rfc3339 }

    // MARK: Writing

    /// The body is JSON, as AWS's: a text has its quotes.
    ///
    /// Source: recorded test_s3_put_object.
    private func putObject(_ parameters: inout ObjectParameters) async throws(CallError) -> JSONObject {
        let name = try name(&parameters)
        let body = parameters.value("Body")
        var headers = ObjectHeaders(metadata: try parameters.texts("Metadata"))
        for (field, _) in ObjectHeaders.names { headers.fields[field] = try parameters.text(field) }
        headers.fields["ContentType"] = headers.fields["ContentType"] ?? "text/plain; charset=UTF-8"
        try parameters.end()
        let bytes = body.map { Array($0.text.utf8) } ?? []
        let kept = headers
        let receipt = try await stored { () throws(ObjectStoreError) in
            try await store.put(bytes, as: name, with: kept)
        }
        var result: JSONObject = ["ETag": .string(receipt.etag)]
        if let checksum = receipt.checksum {
            result["ChecksumCRC32"] = .string(checksum)
            result["ChecksumType"] = "FULL_OBJECT"
        }
        result["ServerSideEncryption"] = receipt.encryption.map { .string($0) }
        result["VersionId"] = receipt.versionID.map { .string($0) }
        return result
    }

    private func deleteObject(_ parameters: inout ObjectParameters) async throws(CallError) -> JSONObject {
        let name = try name(&parameters)
        try parameters.end()
        try await stored { () throws(ObjectStoreError) in try await store.delete(name) }
        return [:]
    }

    private func stored<Answer>(
        _ work: () async throws(ObjectStoreError) -> Answer
    ) async throws(CallError) -> Answer {
        do throws(ObjectStoreError) { return try await work() } catch { throw .store(error) }
    }
}
