import Postgres

extension Store {
    /// Makes every `DELETING` state machine `DELETED` of which no execution runs any more, which frees its name.
    ///
    /// - Returns: How many there were.
    @discardableResult
    package func finishDeletions() async throws(StoreError) -> Int {
        try await query(
            """
            UPDATE braid.state_machines AS machines SET status = 'DELETED'
            WHERE machines.status = 'DELETING' AND NOT EXISTS (
                SELECT FROM braid.executions
                WHERE executions.state_machine_id = machines.state_machine_id AND executions.status = 'RUNNING'
                    AND executions.map_run_id IS NULL
            )
            """,
            []
        ).affected
    }
}
