import Postgres

extension Store {
    /// Makes the partitions of history that the coming weeks need.
    package func ensureHistoryPartitions() async throws(StoreError) {
        _ = try await query("SELECT braid.ensure_history_partitions(braid.now(), braid.now() + interval '28 days')")
    }

    /// Forgets executions that ended longer ago than this, up to 100 at a time, with their branches and names.
    ///
    /// Their history goes with its week, which is dropped as soon as all of it is older. Only what need not wait so long is
    /// deleted row by row: what lies in no week's partition, and all of it where less than a week is kept.
    ///
    /// The root branches are locked first, as by every commit (DESIGN §5); who holds one is passed over.
    ///
    /// - Returns: How many were forgotten.
    package func forgetExecutions(endedBefore age: Duration) async throws(StoreError) -> Int {
        let history = age < .seconds(7 * 86_400) ? "braid.history" : "braid.history_rest"
        let rows = try await query(
            """
            WITH old AS MATERIALIZED (
                SELECT execution_id, state_machine_id, name FROM braid.executions
                WHERE execution_id = ANY(ARRAY(
                        SELECT root.execution_id FROM braid.branches AS root WHERE root.branch_id = 0
                            AND root.execution_id = ANY(ARRAY(
                                SELECT execution_id FROM braid.executions
                                WHERE status <> 'RUNNING' AND stopped_at < braid.now() - $1::float8 * interval '1 s'
                                ORDER BY stopped_at LIMIT 100))
                        ORDER BY root.execution_id FOR UPDATE SKIP LOCKED))
                    AND status <> 'RUNNING' AND stopped_at < braid.now() - $1::float8 * interval '1 s'
                FOR UPDATE
            ), forgotten_history AS (
                DELETE FROM \(history) AS h USING old WHERE h.execution_id = old.execution_id
            ), forgotten_branches AS (
                DELETE FROM braid.branches AS b USING old WHERE b.execution_id = old.execution_id
            ), forgotten_names AS (
                DELETE FROM braid.execution_names AS n USING old
                WHERE n.state_machine_id = old.state_machine_id AND n.name = old.name
            ), forgotten_tokens AS (
                DELETE FROM braid.redrive_tokens AS t USING old WHERE t.execution_id = old.execution_id
            ), forgotten_runs AS (
                DELETE FROM braid.map_runs AS r USING old WHERE r.execution_id = old.execution_id RETURNING r.map_run_id
            ), forgotten_counts AS (
                DELETE FROM braid.map_run_counts AS c USING forgotten_runs AS r WHERE c.map_run_id = r.map_run_id
            ), forgotten_results AS (
                DELETE FROM braid.map_run_results AS c USING forgotten_runs AS r WHERE c.map_run_id = r.map_run_id
            ), forgotten_links AS (
                DELETE FROM braid.nested_executions AS l USING old WHERE l.child_id = old.execution_id
            )
            DELETE FROM braid.executions AS e USING old WHERE e.execution_id = old.execution_id RETURNING e.execution_id
            """,
            [.float8(age / .seconds(1))]
        )
        return rows.count
    }

    /// Drops the oldest week of history, if it ended longer ago than this; what still runs is moved out first.
    ///
    /// - Returns: The name of the partition that was dropped; `nil` if there is none, or somebody has been reading history for
    ///   so long that commits would have had to wait.
    package func dropHistory(olderThan age: Duration) async throws(StoreError) -> String? {
        let rows = try await query(
            "SELECT braid.drop_history_partition(braid.now() - $1::float8 * interval '1 s')",
            [.float8(age / .seconds(1))]
        )
        return try decode(rows) { row throws(PostgresError) -> String? in try row[0] }.first ?? nil
    }
}
