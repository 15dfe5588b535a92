import Postgres

extension Store {
    /// Deletes the state machine of a name: `DELETED` at once if no execution of it runs, else `DELETING` until none does.
    ///
    /// Its versions and aliases end at once. An execution that another process is starting in this moment may still come;
    /// it runs to its end as any other. An alias that is made in this moment is not seen, and keeps its version by the
    /// foreign key: then all of it is done again.
    ///
    /// - Returns: Its new status; `nil` if there is no such machine.
    @discardableResult
    package func deleteStateMachine(named name: String) async throws(StoreError) -> StateMachineRecord.Status? {
        do {
            return try await delete(named: name)
        } catch .refused(state: "23503", _) {
            return try await delete(named: name)
        } catch {
            throw error
        }
    }

    private func delete(named name: String) async throws(StoreError) -> StateMachineRecord.Status? {
        let rows = try await query(
            """
            WITH machine AS (
                UPDATE braid.state_machines AS machines
                SET status = CASE WHEN EXISTS (
                    SELECT FROM braid.executions
                    WHERE executions.state_machine_id = machines.state_machine_id AND executions.status = 'RUNNING'
                        AND executions.map_run_id IS NULL
                ) THEN 'DELETING' ELSE 'DELETED' END
                WHERE machines.name = $1 AND machines.status <> 'DELETED'
                RETURNING machines.status, machines.state_machine_id
            ), aliases AS (
                DELETE FROM braid.state_machine_aliases AS aliases USING machine
                WHERE aliases.state_machine_id = machine.state_machine_id
            ), versions AS (
                DELETE FROM braid.state_machine_versions AS versions USING machine
                WHERE versions.state_machine_id = machine.state_machine_id
            )
            SELECT status FROM machine
            """,
            [.text(name)]
        )
        return try decode(rows) { row throws(PostgresError) -> StateMachineRecord.Status in try row.word("status") }
            .first
    }
}
