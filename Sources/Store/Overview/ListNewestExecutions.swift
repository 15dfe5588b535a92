import Postgres

extension Store {
    /// Lists executions of all state machines, those started last first: ids sort by time, so the key is enough.
    package func listNewestExecutions(limit: Int) async throws(StoreError) -> [ExecutionSummary] {
        let rows = try await query(
            """
            SELECT \(ExecutionSummary.columns)
            FROM (SELECT * FROM braid.executions WHERE map_run_id IS NULL ORDER BY execution_id DESC LIMIT $1) AS executions
            JOIN braid.state_machines AS machines USING (state_machine_id)
            ORDER BY executions.execution_id DESC
            """,
            [.int(limit)]
        )
        return try decode(rows, ExecutionSummary.init)
    }
}
