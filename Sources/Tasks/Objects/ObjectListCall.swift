import Crypto
import JSON
import Objects

/// ListObjects and ListObjectsV2 by a Task.
struct ObjectListCall {
    let store: any ObjectStore
    /// Whether it is ListObjectsV2.
    let isSecondVersion: Bool

    /// A page: its objects, what stands for those with a delimiter in the rest of their keys, and the last of both.
    private struct Page {
        var contents: [ObjectListing.Entry] = []
        var commonPrefixes: [String] = []
        var last: String?
        var isTruncated = false

        var count: Int { contents.count + commonPrefixes.count }
    }

    func perform(_ parameters: inout ObjectParameters) async throws(CallError) -> JSONObject {
        var request = ObjectListRequest(bucket: try parameters.required("Bucket"))
        request.prefix = try parameters.text("Prefix") ?? ""
        request.expectedBucketOwner = try parameters.text("ExpectedBucketOwner")
        let limit = min(try parameters.count("MaxKeys") ?? 1_000, 1_000)
        let delimiter = try parameters.text("Delimiter").flatMap { $0.isEmpty ? nil : $0 }
        let start = try parameters.text(isSecondVersion ? "StartAfter" : "Marker")
        let token = isSecondVersion ? try parameters.text("ContinuationToken") : nil
        try parameters.end()
        request.after = start.flatMap { $0.isEmpty ? nil : $0 }
        if let token {
            guard let key = [UInt8](base64: token).flatMap({ String(validating: $0, as: UTF8.self) }) else {
                throw .store(
                    .refused(
                        ObjectRefusal(
                            code: "InvalidArgument",
                            status: 400,
                            message: "The continuation token provided is incorrect"
                        )
                    )
                )
            }
            request.after = key
        }
        let page = try await page(request, limit: limit, delimiter: delimiter)
        var result: JSONObject = [
            "Name": .string(request.bucket), "Prefix": .string(request.prefix),
            "MaxKeys": .number(JSONNumber(limit)), "IsTruncated": .bool(page.isTruncated),
            "Contents": .array(page.contents.map(Self.content)),
            "CommonPrefixes": .array(page.commonPrefixes.map { ["Prefix": .string($0)] }),
        ]
        if let delimiter { result["Delimiter"] = .string(delimiter) }
        let next = page.isTruncated ? page.last : nil
        if isSecondVersion {
            result["KeyCount"] = .number(JSONNumber(page.count))
            if let start { result["StartAfter"] = .string(start) }
            if let token { result["ContinuationToken"] = .string(token) }
            if let next { result["NextContinuationToken"] = .string(Array(next.utf8).base64) }
        } else {
            result["Marker"] = .string(start ?? "")
            // Without a delimiter S3 leaves it to whoever asks to take the last key.
            if let next, delimiter != nil { result["NextMarker"] = .string(next) }
        }
        return result
    }

    private func page(
        _ request: ObjectListRequest,
        limit: Int,
        delimiter: String?
    ) async throws(CallError) -> Page {
        var page = Page()
        var request = request
        pages: while true {
            request.limit = max(1, limit - page.count)
            let listing: ObjectListing
            do throws(ObjectStoreError) { listing = try await store.list(request) } catch { throw .store(error) }
            for entry in listing.entries {
                guard page.count < limit else {
                    page.isTruncated = limit > 0
                    return page
                }
                let rest = entry.key.utf8.dropFirst(request.prefix.utf8.count)
                if let delimiter, let end = Self.end(of: delimiter, in: rest) {
                    let prefix = request.prefix + String(decoding: rest[..<end], as: UTF8.self)
                    // A page may begin within what the page before has told as one.
                    if request.after?.hasPrefix(prefix) != true {
                        page.commonPrefixes.append(prefix)
                        page.last = prefix + Self.behindAll
                    }
                    request.after = prefix + Self.behindAll
                    continue pages
                }
                page.contents.append(entry)
                page.last = entry.key
                request.after = entry.key
            }
            guard listing.isTruncated, page.count < limit else {
                page.isTruncated = listing.isTruncated && limit > 0
                return page
            }
        }
    }

    /// No key that begins alike stands behind it.
    private static let behindAll = "\u{10FFFF}"

    private static func end(of delimiter: String, in key: Substring.UTF8View) -> Substring.UTF8View.Index? {
        let mark = Array(delimiter.utf8)
        return key.indices.first { key[$0...].starts(with: mark) }.map { key.index($0, offsetBy: mark.count) }
    }

    private static func content(_ entry: ObjectListing.Entry) -> JSONValue {
        [
            "ETag": .string(entry.etag), "Key": .string(entry.key),
            "LastModified": .string(ObjectCall.instant(entry.lastModified)),
            "Size": .number(JSONNumber(entry.size)), "StorageClass": .string(entry.storageClass),
        ]
    }
}
