import CEmbedded
import HTTPServer

/// The files of the pages, compiled into the binary (`Sources/CEmbedded/console`).
struct Assets: Sendable {
    private struct File: Sendable {
        let bytes: [UInt8]
        let type: String
        let tag: String
    }

    private let files: [String: File]

    init() {
        let embedded = unsafe UnsafeBufferPointer(start: braid_console(), count: braid_console_count)
        var files: [String: File] = [:]
        for index in 0..<embedded.count {
            let file = unsafe embedded[index]
            let name = unsafe String(cString: file.name)
            let bytes = unsafe Array(UnsafeBufferPointer(start: file.bytes, count: file.count))
            files[name] = File(bytes: bytes, type: Self.type(of: name), tag: Self.tag(of: bytes))
        }
        self.files = files
    }

    /// Answers with a file, or with nothing new where the browser has it.
    func answer(_ name: String, to request: HTTPRequest) -> HTTPResponse? {
        guard let file = files[name] else { return nil }
        var headers = Headers.common
        headers["Content-Type"] = file.type
        headers["ETag"] = file.tag
        headers["Cache-Control"] = "no-cache"
        guard request.headers["If-None-Match"] != file.tag else { return HTTPResponse(status: 304, headers: headers) }
        return HTTPResponse(status: 200, headers: headers, body: file.bytes)
    }

    private static func type(of name: String) -> String {
        switch name.split(separator: ".").last {
        case "html": "text/html; charset=utf-8"
        case "js": "text/javascript; charset=utf-8"
        case "css": "text/css; charset=utf-8"
        case "svg": "image/svg+xml"
        default: "application/octet-stream"
        }
    }

    /// FNV-1a: it tells one build's file from another's, no more.
    private static func tag(of bytes: [UInt8]) -> String {
        let hash = bytes.reduce(0xcbf2_9ce4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
        return "\"\(String(hash, radix: 16))\""
    }
}

/// The header fields of answers to browsers.
enum Headers {
    /// A page may load nothing from elsewhere, run nothing that stands in it, and nobody may frame it.
    static let common: HTTPHeaders = [
        "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
            + "img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
    ]

    static func uncached(_ type: String) -> HTTPHeaders {
        var headers = common
        headers["Content-Type"] = type
        headers["Cache-Control"] = "no-store"
        return headers
    }
}
