import Crypto
import HTTPClient

/// An object store behind an endpoint that speaks S3's protocol: AWS, or any of its likes.
///
/// Buckets are addressed by path, which all of them understand. Source: "Amazon S3 API Reference".
package struct S3Objects: ObjectStore {
    let connection: S3Connection

    package init(_ settings: S3Settings) { connection = S3Connection(settings) }

    package func head(_ name: ObjectName) async throws(ObjectStoreError) -> ObjectInfo {
        try await describe(name).info
    }

    /// The answer to HEAD.
    func headers(of name: ObjectName) async throws(ObjectStoreError) -> HTTPClientResponse {
        do throws(ObjectStoreError) {
            return try await connection.send(S3Request("HEAD", name))
        } catch {
            guard case .refused(let refusal) = error, refusal.status < 500 else { throw error }
            // The answer to HEAD has no body to say why; that to GET has.
            _ = try await connection.send(ranged(name, 0..<1, ifMatch: nil))
            throw error
        }
    }

    package func read(
        _ name: ObjectName,
        _ range: Range<Int>,
        ifMatch etag: String?
    ) async throws(ObjectStoreError) -> [UInt8] {
        do throws(ObjectStoreError) {
            let maxBytes = range.count + 4096
            let response = try await connection.send(ranged(name, range, ifMatch: etag), maxBytes: maxBytes)
            guard response.status == 206 || (range.lowerBound == 0 && response.body.count <= range.count) else {
                throw .malformedAnswer(reason: "\(name) was sent whole where a range was asked for")
            }
            return response.body
        } catch {
            if error.code == "InvalidRange" { return [] }
            throw error
        }
    }

    private func ranged(_ name: ObjectName, _ range: Range<Int>, ifMatch etag: String?) -> S3Request {
        var request = S3Request("GET", name)
        request.headers.append((name: "Range", value: "bytes=\(range.lowerBound)-\(max(range.upperBound, 1) - 1)"))
        if let etag { request.headers.append((name: "If-Match", value: etag)) }
        return request
    }

    @discardableResult
    package func put(_ bytes: [UInt8], as name: ObjectName) async throws(ObjectStoreError) -> String {
        var request = S3Request("PUT", name)
        request.body = bytes
        return try etag(of: try await connection.send(request), name)
    }

    func etag(of response: HTTPClientResponse, _ name: ObjectName) throws(ObjectStoreError) -> String {
        guard let etag = response.header("ETag") else { throw .malformedAnswer(reason: "there is no ETag of \(name)") }
        return etag
    }
}

// MARK: - Listing

extension S3Objects {
    package func list(_ request: ObjectListRequest) async throws(ObjectStoreError) -> ObjectListing {
        var token: String?
        while true {
            let (listing, next) = try await page(request, token)
            // A page without a key leads nowhere by itself.
            guard listing.isTruncated, listing.entries.isEmpty else { return listing }
            guard let next, next != token else {
                throw .malformedAnswer(
                    reason: "a page of a listing is empty, and says that more follows, but not where"
                )
            }
            token = next
        }
    }

    /// A page, or what follows one that was empty; and the token of the next.
    private func page(
        _ request: ObjectListRequest,
        _ token: String?
    ) async throws(ObjectStoreError) -> (ObjectListing, next: String?) {
        var sent = S3Request("GET", bucket: request.bucket)
        sent.expectedBucketOwner = request.expectedBucketOwner
        sent.query = [
            (name: "list-type", value: "2"), (name: "max-keys", value: "\(min(max(request.limit, 1), 1_000))"),
            // XML cannot say every key.
            (name: "encoding-type", value: "url"),
        ]
        if !request.prefix.isEmpty { sent.query.append((name: "prefix", value: request.prefix)) }
        // The last page's token would say the same, but not for as long as a cursor is kept.
        if let token { sent.query.append((name: "continuation-token", value: token)) }
        if let after = request.after, token == nil { sent.query.append((name: "start-after", value: after)) }
        let response = try await connection.send(sent)
        guard let result = XMLElement(parsing: response.body), result.name == "ListBucketResult" else {
            throw .malformedAnswer(reason: "the answer to a listing is not a ListBucketResult")
        }
        let isEncoded = result["EncodingType"]?.text == "url"
        var entries: [ObjectListing.Entry] = []
        for content in result.children where content.name == "Contents" {
            guard let key = content["Key"]?.text, let size = content["Size"].flatMap({ Int($0.text) }) else {
                throw .malformedAnswer(reason: "an object in a listing has no key or size")
            }
            entries.append(
                ObjectListing.Entry(
                    key: isEncoded ? Self.decoded(key) : key,
                    size: size,
                    etag: content["ETag"]?.text ?? "",
                    lastModified: content["LastModified"].flatMap { S3Time.seconds($0.text) } ?? 0,
                    storageClass: content["StorageClass"]?.text ?? "STANDARD"
                )
            )
        }
        let listing = ObjectListing(entries: entries, isTruncated: result["IsTruncated"]?.text == "true")
        return (listing, result["NextContinuationToken"]?.text)
    }

    /// Resolves percent signs, and the plus signs that stand for spaces.
    private static func decoded(_ key: String) -> String {
        var result: [UInt8] = []
        var rest = Array(key.utf8)[...]
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "%"),
                let value = [UInt8](hexadecimal: String(decoding: rest.prefix(2), as: UTF8.self))?.first
            {
                result.append(value)
                rest = rest.dropFirst(2)
            } else {
                result.append(byte == UInt8(ascii: "+") ? UInt8(ascii: " ") : byte)
            }
        }
        return String(decoding: result, as: UTF8.self)
    }
}

// MARK: - Uploads

extension S3Objects {
    package func beginUpload(of name: ObjectName) async throws(ObjectStoreError) -> ObjectUpload {
        var request = S3Request("POST", name)
        request.query.append((name: "uploads", value: ""))
        request.body = []
        let response = try await connection.send(request)
        guard let id = XMLElement(parsing: response.body)?["UploadId"]?.text, !id.isEmpty else {
            throw .malformedAnswer(reason: "an upload was begun without an id")
        }
        return ObjectUpload(object: name, id: id)
    }

    package func uploadPart(
        _ bytes: [UInt8],
        number: Int,
        of upload: ObjectUpload
    ) async throws(ObjectStoreError) -> UploadedPart {
        var request = S3Request("PUT", upload.object)
        request.query += [(name: "partNumber", value: "\(number)"), (name: "uploadId", value: upload.id)]
        request.body = bytes
        let etag = try etag(of: try await connection.send(request), upload.object)
        return UploadedPart(number: number, etag: etag, size: bytes.count)
    }

    @discardableResult
    package func complete(_ upload: ObjectUpload, _ parts: [UploadedPart]) async throws(ObjectStoreError) -> String {
        var request = S3Request("POST", upload.object)
        request.query.append((name: "uploadId", value: upload.id))
        let list = parts.map { part in
            "<Part><PartNumber>\(part.number)</PartNumber><ETag>\(Self.escaped(part.etag))</ETag></Part>"
        }
        let namespace = "http://s3.amazonaws.com/doc/2006-03-01/"
        let text = "<CompleteMultipartUpload xmlns=\"\(namespace)\">\(list.joined())</CompleteMultipartUpload>"
        request.headers.append((name: "Content-Type", value: "application/xml"))
        request.body = Array(text.utf8)
        do throws(ObjectStoreError) {
            // The status is sent before the work is done, so an error may follow a 200.
            let response = try await connection.send(request) { response in
                let isError = XMLElement(parsing: response.body)?.name == "Error"
                return isError ? S3Connection.refusal(response) : nil
            }
            guard let etag = XMLElement(parsing: response.body)?["ETag"]?.text else {
                throw .malformedAnswer(reason: "an upload was completed without an ETag")
            }
            return etag
        } catch {
            guard error.code == "NoSuchUpload", let info = try? await head(upload.object),
                info.size == parts.reduce(0, { $0 + $1.size })
            else { throw error }
            return info.etag
        }
    }

    package func abort(_ upload: ObjectUpload) async throws(ObjectStoreError) {
        var request = S3Request("DELETE", upload.object)
        request.query.append((name: "uploadId", value: upload.id))
        do throws(ObjectStoreError) {
            _ = try await connection.send(request)
        } catch {
            guard error.code == "NoSuchUpload" else { throw error }
        }
    }

    private static func escaped(_ text: String) -> String {
        text.reduce(into: "") { result, character in
            switch character {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            default: result.append(character)
            }
        }
    }
}
