import CPostgres

/// Where a database is and how to talk to it.
package struct ConnectionSettings: Sendable, Hashable, CustomStringConvertible {
    /// A libpq connection string or URL; several hosts, `target_session_attrs` and all else that libpq knows included.
    package var conninfo: String
    /// What the server's views call this session.
    package var applicationName = "braid"
    /// A database other than the connection string's.
    package var database: String?
    /// Settings of the session, such as `plan_cache_mode`, made when connecting.
    package var session: [String: String] = [:]
    /// How long to wait for a host before the next one is tried; whole seconds, at least 2.
    package var connectTimeout: Duration = .seconds(10)
    /// How long sent data may stay unacknowledged before the connection counts as lost (TCP only).
    package var tcpUserTimeout: Duration = .seconds(10)
    /// How long a TCP connection is idle before the other side is probed; then every 2 s, three times.
    package var keepalivesIdle: Duration = .seconds(5)

    package init(_ conninfo: String) { self.conninfo = conninfo }

    /// The same with one thing changed: `settings.with { $0.database = "other" }`.
    package func with(_ change: (inout ConnectionSettings) -> Void) -> ConnectionSettings {
        var copy = self
        change(&copy)
        return copy
    }

    /// Where the database is, without passwords.
    package var description: String {
        var message: UnsafeMutablePointer<CChar>?
        guard let options = unsafe PQconninfoParse(conninfo, &message) else {
            unsafe PQfreemem(message)
            return "a connection string that libpq cannot read"
        }
        defer { unsafe PQconninfoFree(options) }
        var parts: [String] = []
        var option = unsafe options
        while let keyword = unsafe option.pointee.keyword {
            let name = unsafe String(cString: keyword)
            if let value = unsafe option.pointee.val, ["host", "hostaddr", "port", "user"].contains(name) {
                unsafe parts.append("\(name)=\(String(cString: value))")
            } else if name == "dbname", database == nil, let value = unsafe option.pointee.val {
                unsafe parts.append("dbname=\(String(cString: value))")
            }
            unsafe option += 1
        }
        if let database { parts.append("dbname=\(database)") }
        return parts.joined(separator: " ")
    }

    /// What libpq is given: keywords with values.
    ///
    /// The first `dbname` is read as a connection string, a second one as a name.
    var parameters: [(String, String)] {
        func milliseconds(_ duration: Duration) -> String { "\(Int(duration / .milliseconds(1)))" }
        func seconds(_ duration: Duration, least: Int) -> String { "\(max(least, Int(duration / .seconds(1))))" }
        var parameters = [
            ("connect_timeout", seconds(connectTimeout, least: 2)), ("keepalives", "1"),
            ("keepalives_idle", seconds(keepalivesIdle, least: 1)), ("keepalives_interval", "2"),
            ("keepalives_count", "3"), ("tcp_user_timeout", milliseconds(tcpUserTimeout)), ("dbname", conninfo),
            ("application_name", applicationName), ("client_encoding", "UTF8"),
        ]
        if let database { parameters.append(("dbname", database)) }
        return parameters
    }
}
