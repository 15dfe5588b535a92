import Postgres

extension Store {
    /// Makes the partitions of history that the coming weeks need.
    package func ensureHistoryPartitions() async throws(StoreError) {
        _ = try await query("SELECT braid.ensure_history_partitions(braid.now(), braid.now() + interval '28 days')")
    }

    /// Forgets executions that ended longer ago than this, up to 1,000 at a time, with their branches and names.
    ///
    /// Their history goes with its week, which is dropped as soon as all of it is older. Only what need not wait so long is
    /// deleted row by row: what lies in no week's partition, and all of it where less than a week is kept.
    ///
    /// - Returns: How many were forgotten.
    package func forgetExecutions(endedBefore age: Duration) async throws(StoreError) -> Int {
        let history = age < .seconds(7 * 86_400) ? "braid.history" : "braid.history_rest"
        let rows = try await query(
            """
            WITH old AS MATERIALIZED (
                SELECT execution_id, state_machine_id, name FROM braid.executions
                WHERE status <> 'RUNNING' AND stopped_at < braid.now() - $1::float8 * interval '1 s'
                ORDER BY stopped_at LIMIT 1000 FOR UPDATE SKIP LOCKED
            ), forgotten_history AS (
                DELETE FROM \(history) AS h USING old WHERE h.execution_id = old.execution_id
            ), forgotten_branches AS (
                DELETE FROM braid.branches AS b USING old WHERE b.execution_id = old.execution_id
            ), forgotten_names AS (
                DELETE FROM braid.execution_names AS n USING old
                WHERE n.state_machine_id = old.state_machine_id AND n.name = old.name
            ), forgotten_tokens AS (
                DELETE FROM braid.redrive_tokens AS t USING old WHERE t.execution_id = old.execution_id
            ), forgotten_links AS (
                DELETE FROM braid.nested_executions AS l USING old WHERE l.child_id = old.execution_id
            )
            DELETE FROM braid.executions AS e USING old WHERE e.execution_id = old.execution_id RETURNING e.execution_id
            """,
            [.float8(age / .seconds(1))]
        )
        return rows.count
    }

    /// Drops the weeks of history that ended longer ago than this; what still runs is moved out first.
    ///
    /// - Returns: The names of the partitions that were dropped.
    package func dropHistory(olderThan age: Duration) async throws(StoreError) -> [String] {
        let rows = try await query(
            "SELECT braid.drop_history_partitions(braid.now() - $1::float8 * interval '1 s')",
            [.float8(age / .seconds(1))]
        )
        return try decode(rows) { row throws(PostgresError) -> String in try row[0] }
    }
}
