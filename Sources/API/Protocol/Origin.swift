/// The origin of the page for which a browser made a request.
enum Origin {
    /// Whether the page came from this machine.
    static func isLocal(_ origin: String) -> Bool {
        guard let authority = origin.split(separator: "://", maxSplits: 1).last, authority.count < origin.count else {
            return false
        }
        let host = authority.hasPrefix("[") ? authority.prefix { $0 != "]" } + "]" : authority.prefix { $0 != ":" }
        return host == "localhost" || host == "[::1]" || host.hasSuffix(".localhost") || isLoopback(host)
    }

    /// Whether the page came from the very address that the request goes to: then the service's own page sent it.
    ///
    /// Only where that address is numeric, or the page's name is one that was set: a name that an attacker has resolve to this
    /// machine (DNS rebinding) would pass.
    static func isOwn(_ origin: String, host: String, names: Set<String> = []) -> Bool {
        if let page = origin.split(separator: "://", maxSplits: 1).last, page.count < origin.count,
            names.contains(page.prefix { $0 != ":" }.lowercased())
        {
            return true
        }
        guard origin == "http://\(host)" || origin == "https://\(host)" else { return false }
        if host.hasPrefix("[") { return true }
        let parts = host.prefix { $0 != ":" }.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts.allSatisfy { UInt8($0) != nil }
    }

    private static func isLoopback(_ host: Substring) -> Bool {
        let parts = host.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts[0] == "127" && parts.allSatisfy { UInt8($0) != nil }
    }
}
