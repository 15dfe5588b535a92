import Postgres

extension Store {
    /// Gives a state machine a new revision, which executions from now on pin; those that run keep theirs.
    ///
    /// The machine's row is locked, and must still have the revision that the caller built upon, so that of two updates
    /// at once none undoes the other's fields: the second is told to look again.
    ///
    /// - Parameters:
    ///   - id: The machine.
    ///   - expected: The revision that the caller built upon.
    ///   - content: What the new revision holds.
    ///   - readsExecutionInput: As in ``createStateMachine(named:type:content:readsExecutionInput:)``; `nil` where the
    ///     definition is the old one.
    /// - Throws: When the database does not do it.
    /// - Returns: The machine with its new revision; `nil` if it has another revision by now, or is no longer active.
    package func updateStateMachine(
        _ id: StateMachineID,
        from expected: RevisionID,
        to content: RevisionContent,
        readsExecutionInput: Bool? = nil
    ) async throws(StoreError) -> StateMachineRecord? {
        let rows = try await query(
            """
            WITH machine AS (
                SELECT machines.state_machine_id, held.reads_context FROM braid.state_machines AS machines
                JOIN braid.state_machine_revisions AS held USING (revision_id)
                WHERE machines.state_machine_id = $6 AND machines.revision_id = $7 AND machines.status = 'ACTIVE'
                FOR NO KEY UPDATE OF machines
            ), revisions AS (
                INSERT INTO braid.state_machine_revisions (
                    state_machine_id, revision, definition, role_arn, logging_configuration, tracing_configuration,
                    encryption_configuration, reads_context, created_at
                )
                SELECT
                    state_machine_id, gen_random_uuid(), $1, $2, $3, $4, $5, coalesce($8, reads_context), braid.now()
                FROM machine
                RETURNING *
            )
            UPDATE braid.state_machines AS machines SET revision_id = revisions.revision_id
            FROM revisions WHERE machines.state_machine_id = revisions.state_machine_id
            RETURNING \(StateMachineRecord.columns)
            """,
            content.values + [
                .int8(id.rawValue), .int8(expected.rawValue), .optional(readsExecutionInput, PostgresValue.bool),
            ]
        )
        return try decode(rows, StateMachineRecord.init).first
    }
}
