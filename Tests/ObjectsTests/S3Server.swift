import Crypto
import HTTPServer
import Synchronization

/// As much of S3 as the store asks for, in memory.
final class S3Server: Sendable {
    struct Object: Sendable {
        let bytes: [UInt8]
        let etag: String
        /// What was said of it, and is said again.
        var headers: [String: String] = [:]
    }

    struct State: Sendable {
        var buckets: [String: [String: Object]]
        var uploads: [String: [Int: Object]] = [:]
        /// What the next requests are answered instead of being done.
        var faults: [HTTPResponse] = []
        var requests: [HTTPRequest] = []
    }

    let state: Mutex<State>

    init(buckets: [String]) {
        state = Mutex(State(buckets: Dictionary(uniqueKeysWithValues: buckets.map { ($0, [:]) })))
    }

    func answer(_ request: HTTPRequest) -> HTTPResponse {
        state.withLock { state in
            state.requests.append(request)
            if !state.faults.isEmpty { return state.faults.removeFirst() }
            return Self.answer(request, &state)
        }
    }

    static func error(_ status: Int, _ code: String) -> HTTPResponse {
        HTTPResponse(
            status: status,
            headers: ["x-amz-request-id": "4442587FB7D0A2F9"],
            text:
                "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>\(code)</Code><Message>It is \(code).</Message></Error>"
        )
    }

    private static func object(_ bytes: [UInt8]) -> Object {
        Object(bytes: bytes, etag: "\"\(hash(bytes, with: .md5).hexadecimal)\"")
    }

    private static func answer(_ request: HTTPRequest, _ state: inout State) -> HTTPResponse {
        guard request.headers["Authorization"]?.hasPrefix("AWS4-HMAC-SHA256 Credential=AKID/") == true,
            request.headers["x-amz-content-sha256"] == hash(request.body, with: .sha256).hexadecimal
        else { return error(403, "SignatureDoesNotMatch") }
        let parts = request.path.utf8.dropFirst().split(
            separator: UInt8(ascii: "/"),
            maxSplits: 1,
            omittingEmptySubsequences: false
        )
        let bucket = parts.first.map { String(Substring($0)) } ?? ""
        guard let objects = state.buckets[bucket] else { return error(404, "NoSuchBucket") }
        guard parts.count == 2 else { return list(request, objects) }
        let key = String(Substring(parts[1]))
        guard key.utf8.count <= 1024 else { return error(400, "KeyTooLongError") }
        switch (request.method, request.query("uploadId")) {
        case ("GET", _), ("HEAD", _): return get(request, objects[key])
        case ("PUT", let id?):
            guard let number = request.query("partNumber").flatMap({ Int($0) }), state.uploads[id] != nil else {
                return error(404, "NoSuchUpload")
            }
            let part = object(request.body)
            state.uploads[id]?[number] = part
            return HTTPResponse(status: 200, headers: ["ETag": part.etag])
        case ("PUT", nil):
            var made = object(request.body)
            for name in ["Content-Type", "Cache-Control", "x-amz-meta-owner"] {
                made.headers[name] = request.headers[name]
            }
            state.buckets[bucket]?[key] = made
            var answer: HTTPHeaders = ["ETag": made.etag, "x-amz-server-side-encryption": "AES256"]
            if let checksum = request.headers["x-amz-checksum-crc32"] { answer["x-amz-checksum-crc32"] = checksum }
            return HTTPResponse(status: 200, headers: answer)
        case ("DELETE", nil):
            state.buckets[bucket]?[key] = nil
            return HTTPResponse(status: 204)
        case ("DELETE", let id?):
            guard state.uploads.removeValue(forKey: id) != nil else { return error(404, "NoSuchUpload") }
            return HTTPResponse(status: 204)
        case ("POST", nil):
            let id = "upload/\(state.uploads.count)+\(state.requests.count)"
            state.uploads[id] = [:]
            return HTTPResponse(
                status: 200,
                text: "<InitiateMultipartUploadResult><UploadId>\(id)</UploadId></InitiateMultipartUploadResult>"
            )
        case ("POST", let id?): return complete(request, id, bucket, key, &state)
        default: return error(405, "MethodNotAllowed")
        }
    }

    private static func get(_ request: HTTPRequest, _ object: Object?) -> HTTPResponse {
        guard let object else { return error(404, "NoSuchKey") }
        if let etag = request.headers["If-Match"], etag != object.etag { return error(412, "PreconditionFailed") }
        guard let range = request.headers["Range"] else {
            var headers: HTTPHeaders = ["ETag": object.etag, "Last-Modified": "Mon, 12 Oct 2009 17:50:30 GMT"]
            for (name, value) in object.headers { headers[name] = value }
            headers["x-amz-server-side-encryption"] = "AES256"
            return HTTPResponse(status: 200, headers: headers, body: object.bytes)
        }
        let ends = range.dropFirst("bytes=".count).split(separator: "-").compactMap { Int($0) }
        guard ends[0] < object.bytes.count else { return error(416, "InvalidRange") }
        let bytes = object.bytes[ends[0]...min(ends[1], object.bytes.count - 1)]
        return HTTPResponse(status: 206, headers: ["ETag": object.etag], body: Array(bytes))
    }

    private static func complete(
        _ request: HTTPRequest,
        _ id: String,
        _ bucket: String,
        _ key: String,
        _ state: inout State
    ) -> HTTPResponse {
        guard let uploaded = state.uploads[id] else { return error(404, "NoSuchUpload") }
        var bytes: [UInt8] = []
        for part in request.text.split(separator: "<Part>").dropFirst() {
            let fields = part.split { "<>".contains($0) }
            guard let number = Int(fields[1]), let object = uploaded[number],
                object.etag == fields[4].replacing("&quot;", with: "\"")
            else { return error(400, "InvalidPart") }
            bytes += object.bytes
        }
        state.uploads[id] = nil
        let made = object(bytes)
        state.buckets[bucket]?[key] = made
        let etag = made.etag.replacing("\"", with: "&quot;")
        return HTTPResponse(
            status: 200,
            text:
                "<?xml version=\"1.0\"?>\n<!-- it took long -->\n<CompleteMultipartUploadResult><ETag>\(etag)</ETag></CompleteMultipartUploadResult>"
        )
    }

    private static func list(_ request: HTTPRequest, _ objects: [String: Object]) -> HTTPResponse {
        let prefix = Array((request.query("prefix") ?? "").utf8)
        let after = Array((request.query("start-after") ?? "").utf8)
        let limit = request.query("max-keys").flatMap { Int($0) } ?? 1000
        let found = objects.filter {
            $0.key.utf8.starts(with: prefix) && after.lexicographicallyPrecedes(Array($0.key.utf8))
        }
        let sorted = found.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
        let entries = sorted.prefix(limit).map { key, object in
            let encoded = key.utf8.map { byte in
                byte == 0x20
                    ? "+"
                    : byte > 0x20 && byte < 0x7F && byte != 0x2B && byte != 0x25 && byte != 0x26 && byte != 0x3C
                        ? String(Unicode.Scalar(byte)) : "%" + [byte].hexadecimal.uppercased()
            }
            return "<Contents><Key>\(encoded.joined())</Key><LastModified>2009-10-12T17:50:30.000Z</LastModified>"
                + "<ETag>\(object.etag.replacing("\"", with: "&quot;"))</ETag><Size>\(object.bytes.count)</Size>"
                + "<StorageClass>STANDARD</StorageClass></Contents>"
        }
        return HTTPResponse(
            status: 200,
            text: "<ListBucketResult xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><EncodingType>url</EncodingType>"
                + "<IsTruncated>\(sorted.count > limit)</IsTruncated>\(entries.joined())<CommonPrefixes/></ListBucketResult>"
        )
    }
}
