import Crypto
import HTTPClient

/// One request to S3, without what every request has.
struct S3Request: Sendable {
    var method: String
    var bucket: String
    var key: String?
    var query: [(name: String, value: String)] = []
    var headers: [(name: String, value: String)] = []
    var body: [UInt8]?
    var expectedBucketOwner: String?

    init(_ method: String, _ name: ObjectName) {
        self.method = method
        bucket = name.bucket
        key = name.key
        expectedBucketOwner = name.expectedBucketOwner
        if let version = name.versionID { query.append((name: "versionId", value: version)) }
    }

    init(_ method: String, bucket: String) {
        self.method = method
        self.bucket = bucket
    }
}

/// Sends requests to an S3 endpoint: signed, and tried again where that may help.
///
/// Tried again are answers that say so (5xx, `SlowDown`, 429) and no answer at all (timeouts, broken or refused
/// connections), with waits that double and are drawn at random, so that many who are turned away do not come back at once.
struct S3Connection: Sendable {
    let settings: S3Settings
    private let client = HTTPClient()

    init(_ settings: S3Settings) { self.settings = settings }

    /// Sends a request and returns the answer, whose status is below 300.
    ///
    /// - Parameters:
    ///   - request: The request, which must do no harm when it is sent twice.
    ///   - maxBytes: The largest answer that is taken.
    ///   - check: Finds an error in an answer whose status says success, as S3 has it with some requests.
    /// - Returns: The answer.
    /// - Throws: The last try's error.
    func send(
        _ request: S3Request,
        maxBytes: Int = 16 << 20,
        check: @Sendable (HTTPClientResponse) -> ObjectStoreError? = { _ in nil }
    ) async throws(ObjectStoreError) -> HTTPClientResponse {
        var delay = settings.firstDelay
        for attempt in 1... {
            let error: ObjectStoreError
            let isPassing: Bool
            do throws(HTTPClientError) {
                let response = try await client.request(signed(request, maxBytes: maxBytes))
                if response.status < 300, check(response) == nil { return response }
                error = check(response) ?? Self.refusal(response)
                isPassing = error.isPassing || response.status >= 500 || response.status == 429
            } catch {
                switch error {
                case .cancelled: throw .cancelled
                case .invalidRequest, .tls, .responseTooLarge: throw .unreachable(reason: error.description)
                default: break
                }
                if try await !pause(before: attempt, &delay) { throw .unreachable(reason: error.description) }
                continue
            }
            guard isPassing, try await pause(before: attempt, &delay) else { throw error }
        }
        throw .cancelled
    }

    /// Waits before the next try; returns whether there is one.
    private func pause(before attempt: Int, _ delay: inout Duration) async throws(ObjectStoreError) -> Bool {
        guard attempt < settings.attempts else { return false }
        do { try await Task.sleep(for: delay * Double.random(in: 0.5...1)) } catch { throw .cancelled }
        delay = min(delay * 2, settings.firstDelay * 100)
        return true
    }

    /// What S3 says in an answer's body, or what its status says where there is none.
    static func refusal(_ response: HTTPClientResponse) -> ObjectStoreError {
        let error = XMLElement(parsing: response.body)
        let standard = response.status == 412 ? "PreconditionFailed" : "\(response.status)"
        return .refused(
            ObjectRefusal(
                code: error?["Code"]?.text ?? standard,
                status: response.status,
                message: error?["Message"]?.text ?? "The object store answered with status \(response.status)",
                requestID: response.header("x-amz-request-id") ?? error?["RequestId"]?.text,
                extendedRequestID: response.header("x-amz-id-2") ?? error?["HostId"]?.text
            )
        )
    }

    private func signed(_ request: S3Request, maxBytes: Int) -> HTTPClientRequest {
        var path = "/\(SignatureV4.encoded(request.bucket))"
        if let key = request.key { path += "/\(SignatureV4.encoded(key, keepingSlashes: true))" }
        let query = SignatureV4.text(of: request.query)
        var headers = request.headers
        if let owner = request.expectedBucketOwner {
            headers.append((name: "x-amz-expected-bucket-owner", value: owner))
        }
        if let credentials = settings.credentials {
            let date = S3Time.now()
            let payloadHash = hash(request.body ?? [], with: .sha256).hexadecimal
            headers.append((name: "x-amz-content-sha256", value: payloadHash))
            headers.append((name: "x-amz-date", value: date))
            if let token = credentials.sessionToken { headers.append((name: "x-amz-security-token", value: token)) }
            let signature = SignatureV4(credentials: credentials, region: settings.region, service: "s3")
            let authorization = signature.authorization(
                method: request.method,
                path: basePath + path,
                query: request.query,
                headers: headers.filter { $0.name.hasPrefix("x-amz-") } + [(name: "host", value: host)],
                payloadHash: payloadHash,
                date: date
            )
            headers.append((name: "Authorization", value: authorization))
        }
        return HTTPClientRequest(
            method: request.method,
            url: settings.endpoint + path + (query.isEmpty ? "" : "?\(query)"),
            headers: headers,
            body: request.body,
            timeout: settings.timeout,
            maxResponseBytes: maxBytes
        )
    }

    /// The endpoint behind its scheme.
    private var authorityAndPath: Substring {
        guard let mark = settings.endpoint.firstIndex(of: ":") else { return settings.endpoint[...] }
        return settings.endpoint[mark...].drop { $0 == ":" || $0 == "/" }
    }

    /// What libcurl sends as `Host`: without the scheme's own port.
    private var host: String {
        let authority = String(authorityAndPath.prefix { $0 != "/" }.lowercased())
        let port = settings.endpoint.lowercased().hasPrefix("https:") ? ":443" : ":80"
        return authority.hasSuffix(port) ? String(authority.dropLast(port.count)) : authority
    }

    private var basePath: String { String(authorityAndPath.drop { $0 != "/" }) }
}

extension ObjectStoreError {
    /// Whether the store says itself that it may be tried again.
    var isPassing: Bool {
        let codes: Set = [
            "SlowDown", "InternalError", "ServiceUnavailable", "RequestTimeout", "Throttling",
            "ThrottlingException", "OperationAborted", "BadDigest",
        ]
        return code.map { codes.contains($0) } ?? false
    }
}
