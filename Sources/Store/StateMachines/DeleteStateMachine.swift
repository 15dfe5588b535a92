import Postgres

extension Store {
    /// Deletes the state machine of a name: `DELETED` at once if no execution of it runs, else `DELETING` until none does.
    ///
    /// An execution that another process is starting in this moment may still come; it runs to its end as any other.
    ///
    /// - Returns: Its new status; `nil` if there is no such machine.
    @discardableResult
    package func deleteStateMachine(named name: String) async throws(StoreError) -> StateMachineRecord.Status? {
        let rows = try await query(
            """
            UPDATE braid.state_machines AS machines
            SET status = CASE WHEN EXISTS (
                SELECT FROM braid.executions
                WHERE executions.state_machine_id = machines.state_machine_id AND executions.status = 'RUNNING'
            ) THEN 'DELETING' ELSE 'DELETED' END
            WHERE machines.name = $1 AND machines.status <> 'DELETED'
            RETURNING machines.status
            """,
            [.text(name)]
        )
        return try decode(rows) { row throws(PostgresError) -> StateMachineRecord.Status in try row.word("status") }
            .first
    }
}
