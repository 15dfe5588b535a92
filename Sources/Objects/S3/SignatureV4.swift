import Crypto

/// Signs requests as AWS wants them signed: Signature Version 4, in the header field `Authorization`.
///
/// Source: "AWS Signature Version 4, Create a signed AWS API request"; its example is a test.
struct SignatureV4 {
    let credentials: S3Settings.Credentials
    let region: String
    let service: String

    /// Returns the value of `Authorization`.
    ///
    /// - Parameters:
    ///   - method: The method.
    ///   - path: The path, encoded as it is sent.
    ///   - query: Names and values, not encoded.
    ///   - headers: What is signed; `host` and `x-amz-date` must be among them.
    ///   - payloadHash: The body's SHA-256 in hexadecimal digits.
    ///   - date: The time as in `x-amz-date`.
    /// - Returns: The value.
    func authorization(
        method: String,
        path: String,
        query: [(name: String, value: String)],
        headers: [(name: String, value: String)],
        payloadHash: String,
        date: String
    ) -> String {
        let fields = headers.map { (name: $0.name.lowercased(), value: $0.value) }.sorted { $0.name < $1.name }
        let names = fields.map(\.name).joined(separator: ";")
        let request = [
            method, path, Self.text(of: query), fields.map { "\($0.name):\($0.value)\n" }.joined(), names, payloadHash,
        ].joined(separator: "\n")
        let day = String(date.prefix(8))
        let scope = "\(day)/\(region)/\(service)/aws4_request"
        let toSign = ["AWS4-HMAC-SHA256", date, scope, hash(request.utf8, with: .sha256).hexadecimal]
            .joined(separator: "\n")
        var key = hmacSHA256(key: "AWS4\(credentials.secretAccessKey)".utf8, message: day.utf8)
        for part in [region, service, "aws4_request"] { key = hmacSHA256(key: key, message: part.utf8) }
        let signature = hmacSHA256(key: key, message: toSign.utf8).hexadecimal
        return "AWS4-HMAC-SHA256 Credential=\(credentials.accessKeyID)/\(scope), SignedHeaders=\(names), "
            + "Signature=\(signature)"
    }

    /// The query as it is signed and sent: encoded, and in order of the names.
    static func text(of query: [(name: String, value: String)]) -> String {
        query.map { (name: encoded($0.name), value: encoded($0.value)) }
            .sorted { ($0.name, $0.value) < ($1.name, $1.value) }
            .map { "\($0.name)=\($0.value)" }
            .joined(separator: "&")
    }

    /// Percent-encodes all but what RFC 3986 calls unreserved.
    static func encoded(_ text: String, keepingSlashes: Bool = false) -> String {
        var result: [UInt8] = []
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
                UInt8(ascii: "~"):
                result.append(byte)
            case UInt8(ascii: "/") where keepingSlashes: result.append(byte)
            default:
                result.append(UInt8(ascii: "%"))
                result.append(contentsOf: [byte].hexadecimal.uppercased().utf8)
            }
        }
        return String(decoding: result, as: UTF8.self)
    }
}
