package import Postgres

/// What the server has done so far in this database, by its own statistics.
package struct BenchReading: Sendable {
    /// Transactions that were committed: of the engine, and of everybody else.
    package var commits = 0
    /// History rows that were inserted: one a transition.
    package var transitions = 0
    /// Rows inserted, updated and deleted.
    package var rows = 0
    /// Of the updates of branches, how many there were, and how many stayed on their page (HOT).
    package var updates = 0
    package var hotUpdates = 0

    package init() {}

    package static func - (left: Self, right: Self) -> Self {
        var difference = left
        difference.commits -= right.commits
        difference.transitions -= right.transitions
        difference.rows -= right.rows
        difference.updates -= right.updates
        difference.hotUpdates -= right.hotUpdates
        return difference
    }
}

extension Store {
    /// Reads the statistics; sessions report theirs when they end, so those of the engine must have.
    ///
    /// Waits a little for sessions that are just ending.
    package static func benchReading(on connection: Connection) async throws -> BenchReading {
        for _ in 0..<100 {
            let others = try await connection.query(
                """
                SELECT count(*) FROM pg_stat_activity
                WHERE datname = current_database() AND backend_type = 'client backend' AND pid <> pg_backend_pid()
                    AND application_name <> $1
                """,
                [.text(snapshotHolder)]
            )
            let count: Int = try others.first.map { try $0[0] } ?? 0
            if count == 0 { break }
            try await Task.sleep(for: .milliseconds(20))
        }
        let rows = try await connection.query(
            """
            SELECT (SELECT xact_commit FROM pg_stat_database WHERE datname = current_database()),
                coalesce(sum(n_tup_ins) FILTER (WHERE relname LIKE 'history%'), 0)::int8,
                coalesce(sum(n_tup_ins + n_tup_upd + n_tup_del), 0)::int8,
                coalesce(sum(n_tup_upd) FILTER (WHERE relname = 'branches'), 0)::int8,
                coalesce(sum(n_tup_hot_upd) FILTER (WHERE relname = 'branches'), 0)::int8
            FROM pg_stat_user_tables WHERE schemaname = 'braid'
            """
        )
        guard let row = rows.first else { return BenchReading() }
        var reading = BenchReading()
        reading.commits = try row[0]
        reading.transitions = try row[1]
        reading.rows = try row[2]
        reading.updates = try row[3]
        reading.hotUpdates = try row[4]
        return reading
    }

    /// How many bytes of WAL the server has written.
    package static func walPosition(on connection: Connection) async throws -> Int {
        let rows = try await connection.query("SELECT pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0')::int8")
        return try rows.first.map { try $0[0] } ?? 0
    }

    /// The server's settings that say how durable a commit is, and what it is.
    package static func durability(on connection: Connection) async throws -> [(name: String, setting: String)] {
        let rows = try await connection.query(
            """
            SELECT name, setting FROM pg_settings
            WHERE name IN ('fsync', 'synchronous_commit', 'full_page_writes', 'wal_level', 'server_version')
            ORDER BY name
            """
        )
        return try rows.map { (try $0[0], try $0[1]) }
    }

    /// The process of the server's session.
    package static func serverProcess(on connection: Connection) async throws -> Int {
        let rows = try await connection.query("SELECT pg_backend_pid()")
        return try rows.first.map { try $0[0] } ?? 0
    }

    /// Whether executions of a machine still run.
    ///
    /// The newest is looked for: what led to those that have ended is found too, while somebody holds an old snapshot.
    package static func isRunning(_ machine: StateMachineID, on connection: Connection) async throws -> Bool {
        let rows = try await connection.query(
            """
            SELECT (SELECT execution_id FROM braid.executions
                WHERE state_machine_id = $1 AND status = 'RUNNING' AND map_run_id IS NULL
                ORDER BY execution_id DESC LIMIT 1) IS NOT NULL
            """,
            [.int8(machine.rawValue)]
        )
        return try rows.first.map { try $0[0] } ?? false
    }

    /// How long the executions of a machine that succeeded took, in milliseconds.
    package static func durations(of machine: StateMachineID, on connection: Connection) async throws -> [Double] {
        let rows = try await connection.query(
            """
            SELECT 1000 * extract(epoch FROM stopped_at - started_at)::float8
            FROM braid.executions WHERE state_machine_id = $1 AND status = 'SUCCEEDED' AND map_run_id IS NULL
            """,
            [.int8(machine.rawValue)]
        )
        return try rows.map { try $0[0] }
    }
}
