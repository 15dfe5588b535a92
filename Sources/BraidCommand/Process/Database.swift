import Cluster
import Postgres
import Store
import Telemetry

/// The database that a process works with: the embedded PostgreSQL, or one of the user's.
struct Database: Sendable {
    let settings: ConnectionSettings
    /// The embedded one; it is this process that stops it.
    let cluster: Cluster?

    /// Starts the embedded PostgreSQL, or takes the one that a URL names, and brings its schema up to date.
    ///
    /// What rows hold of payloads (`rowBytes`) is changed where it is given, by who migrates.
    ///
    /// - Throws: In a sentence, what keeps it from being used. Nothing is left running then.
    static func open(url: String?, dataDirectory: String, migrates: Bool, rowBytes: Int? = nil) async throws -> Database
    {
        if let url {
            let database = Database(settings: ConnectionSettings(url), cluster: nil)
            try await database.prepare(migrates: migrates, rowBytes: rowBytes)
            return database
        }
        let cluster = Cluster(ClusterSettings(folder: dataDirectory))
        do {
            try await cluster.start()
        } catch {
            let hint: String? =
                switch error {
                case .inUse: "End that one first, or choose another folder with --data-dir."
                case .notOurs, .damaged: "--data-dir chooses another folder."
                default: nil
                }
            throw CommandFailure(.unavailable, "the embedded PostgreSQL cannot be used: \(error)", hint: hint)
        }
        let database = Database(settings: await cluster.connectionSettings, cluster: cluster)
        do {
            try await database.prepare(migrates: true, rowBytes: rowBytes)
        } catch {
            try? await cluster.shutDown(.fast)
            throw error
        }
        return database
    }

    /// The database that a command works with which starts none: the URL's, or the embedded one that runs.
    static func running(_ invocation: Invocation) throws -> ConnectionSettings {
        if let url = try invocation.databaseURL() { return ConnectionSettings(url) }
        let folder = invocation.value("data-dir") ?? ".braid"
        guard let settings = Cluster.findRunning(in: folder) else {
            throw CommandFailure(
                .unavailable,
                "no embedded PostgreSQL runs in \(folder)",
                hint: "'braid dev' starts it; --data-dir or --database say where another one is."
            )
        }
        return settings
    }

    /// Connects once, and brings the schema up to date or sees that it is.
    private func prepare(migrates: Bool, rowBytes: Int?) async throws {
        let connection: Connection
        do {
            connection = try await Connection.connect(to: settings)
        } catch {
            throw CommandFailure(.unavailable, "the database (\(settings)) cannot be reached: \(error)")
        }
        do {
            if migrates {
                let log = Logger(label: "migrator")
                try await Migrator().migrate(connection) { log.info("migrating", [("migration", $0.name)]) }
                if let rowBytes { try await RowPayloads.keep(upTo: rowBytes, on: connection) }
            } else {
                try await Migrator().check(connection)
            }
        } catch {
            await connection.close()
            throw CommandFailure(.unavailable, "the database (\(settings)) cannot be used: \(error)")
        }
        await connection.close()
    }

    /// Stops the embedded PostgreSQL, if it still runs.
    func close() async {
        do { try await cluster?.shutDown(.fast) } catch { Logger(label: "cluster").warning("\(error)") }
    }
}

extension ConnectionSettings {
    /// A URL that libpq's programs take, for a server on a socket of this machine; else what was given.
    var url: String {
        let parts = conninfo.split(separator: " ").map { $0.split(separator: "=", maxSplits: 1).map(String.init) }
        guard !conninfo.contains("://"), parts.allSatisfy({ $0.count == 2 }) else { return conninfo }
        let values = Dictionary(parts.map { ($0[0], $0[1]) }) { first, _ in first }
        guard let host = values["host"], host.hasPrefix("/"), let user = values["user"], let name = values["dbname"]
        else { return conninfo }
        return "postgresql://\(user)@/\(name)?host=\(host)"
    }
}
