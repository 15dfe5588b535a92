import Postgres

extension Store {
    /// Where workers have lapsed, ends sessions whose clients do not take the answers of transactions that hold locks.
    ///
    /// A process that was stopped while it read a large answer holds what that transaction has locked for as long as it is
    /// stopped: the worker's row, branches, whole executions. The server cannot tell it from a slow network, but no process
    /// of Braid that lives reads one answer for so long; one that does all the same connects anew.
    ///
    /// A worker has lapsed whose heartbeat is older than `lapse`; a client has taken nothing of what it asked for at least
    /// `time` ago.
    func endStalledSessions(after lapse: Duration, for time: Duration) async throws(StoreError) {
        _ = try await query(
            """
            SELECT pg_terminate_backend(pid) FROM pg_stat_activity
            WHERE EXISTS (
                    SELECT FROM braid.workers
                    WHERE ended_at IS NULL AND heartbeat_at < braid.now() - $1 * interval '1 s')
                AND datname = current_database() AND usename = current_user
                AND application_name = current_setting('application_name')
                AND wait_event = 'ClientWrite' AND backend_xid IS NOT NULL
                AND query_start < clock_timestamp() - $2 * interval '1 s'
            """,
            [.float8(lapse / .seconds(1)), .float8(time / .seconds(1))]
        )
    }
}
