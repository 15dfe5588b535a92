package import Postgres

/// What matters of a database's settings, for whoever looks it over.
package struct DatabaseExamination: Sendable, Equatable {
    /// Such as 150004.
    package var version: Int
    /// `synchronous_commit`, `fsync` and `default_toast_compression`, as the server has them.
    package var synchronousCommit: String
    package var fsync: String
    package var compression: String
    package var maxConnections: Int
    /// Whether it is a standby.
    package var isStandby: Bool
    /// Whether a session stays a session: a pooler that lends it out by the transaction breaks advisory locks and more.
    package var keepsSession: Bool
    package var liveWorkers: Int
    /// Branches that are ready and wait, by the function that they need and no live worker serves.
    package var unservedLanes: [String]
}

extension Store {
    /// Looks over a database whose schema is up to date.
    package func examineDatabase(on connection: Connection) async throws(StoreError) -> DatabaseExamination {
        let first = try await query(
            on: connection,
            "SELECT set_config('braid.examined', pg_backend_pid()::text, false)",
            []
        )
        let mark = try decode(first) { row throws(PostgresError) in try row.decode(0, as: String.self) }.first
        let rows = try await query(
            on: connection,
            """
            SELECT current_setting('server_version_num')::int4 AS version,
                current_setting('synchronous_commit') AS synchronous_commit, current_setting('fsync') AS fsync,
                current_setting('default_toast_compression') AS compression,
                current_setting('max_connections')::int4 AS max_connections, pg_is_in_recovery() AS is_standby,
                coalesce(current_setting('braid.examined', true), '') AS mark, pg_backend_pid()::text AS backend,
                (SELECT count(*) FROM braid.workers WHERE ended_at IS NULL) AS live_workers
            """,
            []
        )
        let unserved = try await surveyLanes(unservedAfter: .zero).lanes.filter { !$0.isServed }
        let examined = try decode(rows) { row throws(PostgresError) in
            let found: String = try row["mark"]
            let backend: String = try row["backend"]
            return DatabaseExamination(
                version: try row["version"],
                synchronousCommit: try row["synchronous_commit"],
                fsync: try row["fsync"],
                compression: try row["compression"],
                maxConnections: try row["max_connections"],
                isStandby: try row["is_standby"],
                keepsSession: found == mark && backend == mark,
                liveWorkers: try row["live_workers"],
                unservedLanes: unserved.map(\.lane)
            )
        }
        guard let examination = examined.first else { throw .unexpected("no row") }
        return examination
    }
}
