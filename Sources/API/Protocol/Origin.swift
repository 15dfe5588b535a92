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

    private static func isLoopback(_ host: Substring) -> Bool {
        let parts = host.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts[0] == "127" && parts.allSatisfy { UInt8($0) != nil }
    }
}
