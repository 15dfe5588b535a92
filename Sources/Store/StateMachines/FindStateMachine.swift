import Postgres

extension Store {
    /// Finds the state machine of a name, with the revision that it has now; never a deleted one.
    package func findStateMachine(named name: String) async throws(StoreError) -> StateMachineRecord? {
        let rows = try await query(
            """
            SELECT \(StateMachineRecord.columns)
            FROM braid.state_machines AS machines
            JOIN braid.state_machine_revisions AS revisions USING (revision_id)
            WHERE machines.name = $1 AND machines.status <> 'DELETED'
            """,
            [.text(name)]
        )
        return try decode(rows, StateMachineRecord.init).first
    }
}
