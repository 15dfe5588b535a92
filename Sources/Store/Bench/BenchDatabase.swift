package import Postgres

/// What a bench does with databases of its own, and to the server that it measures.
extension Store {
    /// Makes an empty database on the server of a connection, whose role must be allowed to.
    package static func createDatabase(_ name: String, on connection: Connection) async throws {
        try await connection.run(script: "CREATE DATABASE \(name)")
    }

    /// Removes it, once its sessions have ended.
    package static func dropDatabase(_ name: String, on connection: Connection) async throws {
        try await connection.run(script: "DROP DATABASE \(name) WITH (FORCE)")
    }

    /// Forgets all executions, as if none had ever run.
    package static func forgetExecutions(on connection: Connection) async throws {
        try await connection.run(
            script: "TRUNCATE braid.executions, braid.execution_names, braid.branches, braid.history CASCADE"
        )
    }

    /// Writes out what was changed so far; nothing where the role may not.
    package static func checkpoint(on connection: Connection) async throws {
        try await connection.run(
            script: """
                DO $$ BEGIN
                    IF pg_has_role(to_regrole('pg_checkpoint')::oid, 'USAGE') THEN CHECKPOINT; END IF;
                END $$
                """
        )
    }

    /// Opens a session that holds a snapshot until it is closed.
    package static func holdSnapshot(_ settings: ConnectionSettings) async throws -> Connection {
        let connection = try await Connection.connect(to: settings.with { $0.applicationName = snapshotHolder })
        try await connection.run(script: "BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT 1;")
        return connection
    }

    /// What the session is called that holds a snapshot; it is none whose end is waited for.
    static let snapshotHolder = "braid bench snapshot"
}
