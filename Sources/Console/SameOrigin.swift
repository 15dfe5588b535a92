import HTTPServer

/// Whether a browser sent a request for one of our own pages.
///
/// A page from elsewhere can have a browser send what it likes, but not without `Origin` or `Sec-Fetch-Site`, and not with a
/// content type of JSON unless we say so when asked first, which we never do. A name that an attacker has resolve to this
/// machine (DNS rebinding) is another origin's: so the host must be a loopback one, an address, or a name that was set.
enum SameOrigin {
    static func admits(_ request: HTTPRequest) -> Bool {
        if let site = request.headers["Sec-Fetch-Site"], site != "same-origin", site != "none" { return false }
        let host = request.headers["Host"] ?? ""
        guard isTrusted(host) else { return false }
        guard let origin = request.headers["Origin"] else { return true }
        return origin == "http://\(host)" || origin == "https://\(host)"
    }

    static func hasJSON(_ request: HTTPRequest) -> Bool {
        let type = request.headers["Content-Type"]?.split(separator: ";").first ?? ""
        return type.lowercased() == "application/json"
    }

    /// Whether no foreign page can have this for its host: a loopback name or a numeric address.
    private static func isTrusted(_ authority: String) -> Bool {
        if authority.hasPrefix("[") { return true }
        let host = authority.prefix { $0 != ":" }.lowercased()
        if host == "localhost" || host.hasSuffix(".localhost") { return true }
        let parts = host.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts.allSatisfy { UInt8($0) != nil }
    }
}
