import Postgres

extension Store {
    /// Lists the runs of an execution's Distributed Maps, in the order of their ids.
    package func listMapRuns(
        of execution: ExecutionID,
        after id: MapRunID?,
        limit: Int
    ) async throws(StoreError) -> [MapRunRecord] {
        let rows = try await query(
            """
            SELECT \(MapRunRecord.columns) FROM braid.map_runs AS r \(MapRunRecord.joins)
            WHERE r.execution_id = $1 AND ($2::uuid IS NULL OR r.map_run_id > $2) ORDER BY r.map_run_id LIMIT $3
            """,
            [.uuid(execution.value), .optional(id) { .uuid($0.value) }, .int4(Int32(clamping: limit))]
        )
        return try decode(rows, MapRunRecord.init)
    }

    /// Lists a run's children, those of the last items first.
    ///
    /// By status, as `listExecutions` does: each is one scan of the index, of at most a page.
    package func listChildren(
        of run: MapRunID,
        status: ExecutionStatus?,
        before id: ExecutionID?,
        limit: Int
    ) async throws(StoreError) -> [ExecutionSummary] {
        let statuses = status.map { [$0] } ?? ExecutionStatus.allCases
        let rows = try await query(
            """
            SELECT \(ExecutionSummary.columns)
            FROM unnest($2::text[]) AS wanted (status)
            CROSS JOIN LATERAL (
                SELECT * FROM braid.executions
                WHERE executions.map_run_id = $1 AND executions.status = wanted.status AND executions.execution_id < $3
                ORDER BY executions.execution_id DESC LIMIT $4
            ) AS executions
            JOIN braid.state_machines AS machines USING (state_machine_id)
            ORDER BY executions.execution_id DESC LIMIT $4
            """,
            [
                .uuid(run.value), .textArray(statuses.map(\.rawValue)),
                .uuid(id?.value ?? UUIDValue(high: .max, low: .max)), .int(limit),
            ]
        )
        return try decode(rows, ExecutionSummary.init)
    }
}
