package import Postgres

extension Store {
    /// Makes the session of this connection the scheduler's, if no other is; true as well if it is already.
    package func takeSchedulerLock(on connection: Connection) async throws(StoreError) -> Bool {
        let rows = try await query(
            on: connection,
            """
            SELECT EXISTS (
                SELECT FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()
                    AND classid = 1651663205 AND objid = 0 AND objsubid = 2
            ) OR pg_try_advisory_lock(1651663205, 0)
            """
        )
        return try decode(rows) { row throws(PostgresError) -> Bool in try row[0] }.first ?? false
    }
}
