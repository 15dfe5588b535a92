import FoundationEssentials
import Glibc

/// Where an embedded cluster lies and what it is for.
package struct ClusterSettings: Sendable {
    /// The folder that holds it; made when it is missing.
    package var folder: String
    /// The folder of PostgreSQL's programs; the newest installation when `nil`.
    package var programs: String?
    /// Whether what was committed survives the machine: only throw-away clusters of tests may do without.
    package var isDurable = true
    /// Whether it is stopped and removed when this process ends, however it ends: for tests.
    package var isThrowAway = false
    /// More settings of the server, which win over Braid's.
    package var configuration: [String: String] = [:]

    package init(folder: String) { self.folder = folder }

    /// The name of the database and of its owner.
    static let name = "braid"

    /// The text of the included file of settings.
    func configurationText(socketFolder: String) -> String {
        let memory = Self.machineMemory
        var settings: [(String, String)] = [
            ("listen_addresses", ""), ("port", "5432"), ("unix_socket_directories", socketFolder),
            ("unix_socket_permissions", "0700"), ("max_connections", "200"),
            ("shared_buffers", "\(min(max(memory / 8, 64), 1024))MB"),
            ("effective_cache_size", "\(max(memory / 2, 128))MB"), ("work_mem", "8MB"),
            ("maintenance_work_mem", "64MB"), ("fsync", isDurable ? "on" : "off"), ("synchronous_commit", "on"),
            ("full_page_writes", isDurable ? "on" : "off"), ("wal_compression", "lz4"), ("min_wal_size", "128MB"),
            ("max_wal_size", "2GB"), ("checkpoint_timeout", "10min"), ("checkpoint_completion_target", "0.9"),
            ("default_toast_compression", "lz4"), ("random_page_cost", "1.1"), ("jit", "off"),
            ("autovacuum_naptime", "15s"), ("autovacuum_vacuum_cost_limit", "2000"), ("timezone", "UTC"),
            ("log_timezone", "UTC"), ("log_line_prefix", "%m [%p] "), ("log_min_messages", "warning"),
            ("log_parameter_max_length", "0"), ("log_parameter_max_length_on_error", "0"),
        ]
        settings += configuration.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
        let lines = settings.map { name, value in
            "\(name) = '\(value.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "''"))'\n"
        }
        return
            "# Written by Braid at each start: changes are lost. Yours belong into postgresql.conf, below the include.\n"
            + lines.joined()
    }

    /// The machine's memory in megabytes.
    private static var machineMemory: Int {
        sysconf(Int32(_SC_PHYS_PAGES)) / 1024 * sysconf(Int32(_SC_PAGESIZE)) / 1024
    }
}
