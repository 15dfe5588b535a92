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

    /// Finds a machine's revision by what the API calls `revisionId`; `INITIAL` is the first.
    package func findRevision(
        named revision: String,
        of machine: StateMachineID
    ) async throws(StoreError) -> RevisionID? {
        let rows = try await query(
            """
            SELECT revision_id FROM braid.state_machine_revisions
            WHERE state_machine_id = $1 AND coalesce(revision::text, 'INITIAL') = $2
            """,
            [.int8(machine.rawValue), .text(revision)]
        )
        return try decode(rows) { row throws(PostgresError) in RevisionID(rawValue: try row[0]) }.first
    }
}
