import Glibc
import Interpreter
import Store
import Tracing

/// What a process of Braid is to be: which parts it has, and what they work with.
struct ProcessSettings: Sendable {
    /// What a process can do.
    struct Parts: OptionSet, Sendable {
        let rawValue: Int
        /// Answers clients.
        static let service = Parts(rawValue: 1)
        /// Runs states and functions.
        static let worker = Parts(rawValue: 2)
        /// Watches deadlines, dead workers and retention.
        static let scheduler = Parts(rawValue: 4)
    }

    var parts: Parts
    /// Where a service listens.
    var listen: ListenAddress?
    /// Where a process that serves nothing else answers `/healthz`, `/readyz` and `/metrics`.
    var metricsListen: ListenAddress?
    /// A database of the user's; the embedded one in ``dataDirectory`` unless given.
    var databaseURL: String?
    /// The same database as a role that may only read, for the console's SQL page.
    var readerURL: String?
    var dataDirectory: String
    /// The functions file.
    var functions: String?
    /// The mock configuration file.
    var mocks: MockFile?
    /// Whether functions are started anew when their files change.
    var reloadsFunctions = false
    var region: String
    var account: String
    /// How many branches a worker holds at most; the engine's own bound unless given.
    var capacity: Int?
    /// Where Distributed Maps read items and write results.
    var objects: ObjectPlace?
    /// What an execution may use up.
    var limits: Limits
    /// How many bytes of payloads rows hold; what the database says unless given.
    var rowBytes: Int?
    /// How long Tasks wait for a worker that serves their Resource after the last one has ended, in seconds.
    var unservedGrace: Int?
    /// Under which names browsers may reach the console, besides loopback ones and addresses.
    var consoleHosts: Set<String> = []
    /// Where spans go; nobody is sent any unless given.
    var traces: TraceSettings?
    /// How long ended executions stay, in days; for ever unless given.
    var retentionDays: Int?

    /// A process on a database of its own choice; all else as by default.
    init(parts: Parts, databaseURL: String) {
        self.parts = parts
        self.databaseURL = databaseURL
        dataDirectory = ".braid"
        region = "us-east-1"
        account = "123456789012"
        limits = Limits(region: region)
    }

    /// Takes what a command line says; `listen` counts more than what it says of that.
    init(_ parts: Parts, _ invocation: Invocation, listen: ListenAddress? = nil) throws(UsageError) {
        self.parts = parts
        if let listen {
            self.listen = listen
        } else if parts.contains(.service) {
            self.listen = try ListenAddress(parsing: invocation.value("listen") ?? "")
        }
        if let text = invocation.value("metrics-listen") { metricsListen = try ListenAddress(parsing: text) }
        databaseURL = try invocation.databaseURL()
        readerURL = try invocation.databaseURL("reader-database")
        dataDirectory = invocation.value("data-dir") ?? ".braid"
        functions = invocation.value("functions")
        mocks = invocation.value("mock-config").map { MockFile(path: $0) }
        region = invocation.value("region") ?? "us-east-1"
        account = invocation.value("account") ?? "123456789012"
        capacity = try invocation.number("capacity", in: 1...1_000_000)
        objects = try ObjectPlace(invocation.value("objects"), invocation)
        limits = Limits(region: region)
        if let bytes = try invocation.number("max-payload-bytes", in: 1_024...67_108_864) {
            limits.maxPayloadBytes = bytes
        }
        limits.maxHistoryEvents = try invocation.number("max-history-events", in: 100...1_000_000_000)
        rowBytes = try invocation.number("row-bytes", in: RowPayloads.bounds)
        unservedGrace = try invocation.number("unserved-grace", in: 0...86_400)
        retentionDays = try invocation.number("retention-days", in: 1...36_500)
        let hosts = (invocation.value("console-host") ?? "").split(separator: ",").map { $0.filter { $0 != " " } }
        if let wrong = hosts.first(where: { $0.isEmpty || $0.contains { ":/@".contains($0) } }) {
            throw UsageError(
                "--console-host takes names without scheme and port, such as workflows.example.org, not '\(wrong)'",
                command: invocation.syntax
            )
        }
        consoleHosts = Set(hosts.map { $0.lowercased() })
        do {
            traces = try TraceSettings(
                endpoint: invocation.arguments.value("otlp-endpoint"),
                environment: invocation.environment
            )
        } catch {
            throw UsageError("\(error)", command: invocation.syntax)
        }
        guard account.utf8.count == 12, account.allSatisfy({ $0.isASCII && $0.isNumber }) else {
            throw UsageError("--account must be 12 digits, not '\(account)'", command: invocation.syntax)
        }
    }
}

extension CommandSyntax.Option {
    static let listen = Self(
        "listen",
        "HOST:PORT",
        "where clients reach the service",
        fallback: "127.0.0.1:8083",
        variable: "BRAID_LISTEN"
    )
    static let readerDatabase = Self(
        "reader-database",
        "URL",
        "the database as a role that may only read, for the console's SQL page; no such page works without",
        variable: "BRAID_READER_DATABASE"
    )
    static let metricsListen = Self(
        "metrics-listen",
        "HOST:PORT",
        "where /metrics, /healthz and /readyz are answered; nowhere unless given",
        variable: "BRAID_METRICS_LISTEN"
    )
    static let capacity = Self(
        "capacity",
        "NUMBER",
        "how many branches are worked on at once at most",
        variable: "BRAID_CAPACITY"
    )
    static let objects = Self(
        "objects",
        "PLACE",
        "where Distributed Maps and Tasks that call S3 have objects: a folder with a folder for each bucket, 's3' as AWS's "
            + "environment variables say, or 's3+http://HOST:PORT'",
        variable: "BRAID_OBJECTS"
    )
    static let maxPayload = Self(
        "max-payload-bytes",
        "BYTES",
        "the longest input, output or result of a state; 262144 as on AWS unless given",
        variable: "BRAID_MAX_PAYLOAD_BYTES"
    )
    static let maxHistory = Self(
        "max-history-events",
        "NUMBER",
        "how many events an execution's history may hold, 25000 on AWS; any number unless given",
        variable: "BRAID_MAX_HISTORY_EVENTS"
    )
    static let rowBytes = Self(
        "row-bytes",
        "BYTES",
        "rows of executions and branches that would be longer keep their payloads beside them; 2040 unless given",
        variable: "BRAID_ROW_BYTES"
    )
    static let unservedGrace = Self(
        "unserved-grace",
        "SECONDS",
        "how long Tasks wait for a worker that has their function after the last one ended; then they fail",
        fallback: "30",
        variable: "BRAID_UNSERVED_GRACE"
    )
    static let consoleHosts = Self(
        "console-host",
        "NAMES",
        "under which names, separated by commas, browsers may reach the console besides localhost and addresses",
        variable: "BRAID_CONSOLE_HOST"
    )
    static let traces = Self(
        "otlp-endpoint",
        "URL",
        "the OpenTelemetry collector that is sent spans by OTLP/HTTP; nobody is unless given",
        variable: "OTEL_EXPORTER_OTLP_ENDPOINT"
    )
    static let retention = Self(
        "retention-days",
        "DAYS",
        "how long ended executions and their history stay; for ever unless given",
        variable: "BRAID_RETENTION_DAYS"
    )
}
