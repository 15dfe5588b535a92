import Postgres

extension Store {
    /// Finds a revision with its state machine, deleted or not: what an execution runs stays for as long as it does.
    package func findRevision(_ id: RevisionID) async throws(StoreError) -> StateMachineRecord? {
        let rows = try await query(
            """
            SELECT \(StateMachineRecord.columns)
            FROM braid.state_machine_revisions AS revisions
            JOIN braid.state_machines AS machines ON machines.state_machine_id = revisions.state_machine_id
            WHERE revisions.revision_id = $1
            """,
            [.int8(id.rawValue)]
        )
        return try decode(rows, StateMachineRecord.init).first
    }
}
