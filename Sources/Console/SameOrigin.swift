import HTTPServer

/// Whether a browser sent a request for one of our own pages.
///
/// A page from elsewhere can have a browser send what it likes, but not without `Origin` or `Sec-Fetch-Site`, and not with a
/// content type of JSON unless we say so when asked first, which we never do. A name that an attacker has resolve to this
/// machine (DNS rebinding) is another origin's: so the host must be a loopback one, an address, or a name that was set.
struct SameOrigin: Sendable {
    /// The names under which browsers may reach the console, in lower case: a proxy's.
    let names: Set<String>

    func admits(_ request: HTTPRequest) -> Bool {
        if let site = request.headers["Sec-Fetch-Site"], site != "same-origin", site != "none" { return false }
        let host = request.headers["Host"] ?? ""
        guard isTrusted(host) else { return false }
        guard let origin = request.headers["Origin"] else { return true }
        if origin == "http://\(host)" || origin == "https://\(host)" { return true }
        // A proxy may ask in its own words: with this machine's name as the host, and the page's origin as it came.
        return origin.split(separator: "://", maxSplits: 1).last.map { isNamed($0) } ?? false
    }

    static func hasJSON(_ request: HTTPRequest) -> Bool {
        let type = request.headers["Content-Type"]?.split(separator: ";").first ?? ""
        return type.lowercased() == "application/json"
    }

    /// Whether no foreign page can have this for its host: a loopback name or a numeric address.
    private func isTrusted(_ authority: String) -> Bool {
        if authority.hasPrefix("[") || isNamed(authority) { return true }
        let host = authority.prefix { $0 != ":" }.lowercased()
        if host == "localhost" || host.hasSuffix(".localhost") { return true }
        let parts = host.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts.allSatisfy { UInt8($0) != nil }
    }

    private func isNamed(_ authority: some StringProtocol) -> Bool {
        !names.isEmpty && names.contains(authority.prefix { $0 != ":" }.lowercased())
    }
}
