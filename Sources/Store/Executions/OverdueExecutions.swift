import Postgres

extension Store {
    /// Finds executions that still run past their deadline, the longest overdue first.
    package func overdueExecutions(limit: Int) async throws(StoreError) -> [ExecutionID] {
        let rows = try await query(
            """
            SELECT execution_id FROM braid.executions
            WHERE status = 'RUNNING' AND deadline IS NOT NULL AND deadline <= braid.now()
            ORDER BY deadline LIMIT $1
            """,
            [.int4(Int32(clamping: limit))]
        )
        return try decode(rows) { row throws(PostgresError) in ExecutionID(try row[0] as UUIDValue) }
    }
}
