import Postgres

extension Store {
    /// Finds an execution by its machine's name and its own, which is its id where it was given none.
    ///
    /// Executions outlive their machine: when the machine that has the name now knows no such execution, those are
    /// searched that had the name before, the newest first. `LIMIT 1` ends the search at the first that fits.
    package func findExecution(
        named name: String,
        ofMachineNamed machine: String
    ) async throws(StoreError) -> ExecutionRecord? {
        let rows = try await query(
            """
            WITH found AS MATERIALIZED (
                SELECT execution_id FROM (
                    SELECT executions.execution_id FROM braid.executions
                    WHERE executions.execution_id = $3 AND executions.name IS NULL
                    UNION ALL
                    SELECT names.execution_id FROM braid.state_machines AS machines
                    JOIN braid.execution_names AS names USING (state_machine_id)
                    WHERE machines.name = $2 AND machines.status <> 'DELETED' AND names.name = $1
                    UNION ALL
                    (
                        SELECT names.execution_id FROM braid.state_machines AS machines
                        JOIN braid.execution_names AS names USING (state_machine_id)
                        WHERE machines.name = $2 AND machines.status = 'DELETED' AND names.name = $1
                        ORDER BY names.execution_id DESC
                    )
                ) AS candidates
                LIMIT 1
            )
            SELECT \(ExecutionRecord.columns) FROM found
            JOIN braid.executions AS executions USING (execution_id)
            JOIN braid.state_machines AS machines USING (state_machine_id)
            WHERE machines.name = $2
            """,
            [.text(name), .text(machine), .optional(ExecutionID(name)) { .uuid($0.value) }]
        )
        return try decode(rows, ExecutionRecord.init).first
    }
}
