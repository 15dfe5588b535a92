/// Where a service listens.
struct ListenAddress: Sendable, Equatable, CustomStringConvertible {
    let host: String
    let port: Int

    init(host: String, port: Int) {
        self.host = host
        self.port = port
    }

    /// Reads `HOST:PORT`, an IPv6 address in brackets; `:PORT` is every address of the machine.
    init(parsing text: String) throws(UsageError) {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count >= 2, let last = parts.last, let port = Int(last), (0...65535).contains(port) else {
            throw UsageError("--listen takes HOST:PORT, such as 127.0.0.1:8083, not '\(text)'")
        }
        let host = parts.dropLast().joined(separator: ":")
        let isBracketed = host.hasPrefix("[") && host.hasSuffix("]")
        guard isBracketed || !host.contains(":") else {
            throw UsageError("--listen takes an IPv6 address in brackets: [\(host)]:\(port)")
        }
        self.host = isBracketed ? String(host.dropFirst().dropLast()) : host.isEmpty ? "0.0.0.0" : host
        self.port = port
    }

    /// Whether nobody but this machine can reach it.
    var isLoopback: Bool { host == "localhost" || host == "::1" || host.hasPrefix("127.") }

    var description: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }

    /// What listening there means, where it means something.
    var warning: String? {
        guard !isLoopback else { return nil }
        return "\(self) can be reached from the network, and requests are not authenticated: whoever reaches it can run"
            + " state machines and read everything. Put a proxy that authenticates before it, or listen on 127.0.0.1."
    }
}
