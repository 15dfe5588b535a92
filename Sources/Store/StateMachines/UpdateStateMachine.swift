import Postgres

extension Store {
    /// Gives a state machine a new revision, which executions from now on pin, and publishes it where asked; executions that
    /// run keep theirs.
    ///
    /// The machine's row is locked, and must still have the revision that the caller built upon, so that of two updates
    /// at once none undoes the other's fields: the second is told to look again.
    ///
    /// - Parameters:
    ///   - id: The machine.
    ///   - expected: The revision that the caller built upon.
    ///   - content: What the new revision holds.
    ///   - readsExecutionInput: As where a machine is made; `nil` where the definition is the old one.
    ///   - version: Publishes it; `nil` does not.
    /// - Throws: When the database does not do it.
    /// - Returns: The machine with its new revision; `nil` if it has another revision by now, or is no longer active.
    package func updateStateMachine(
        _ id: StateMachineID,
        from expected: RevisionID,
        to content: RevisionContent,
        readsExecutionInput: Bool? = nil,
        publishing version: VersionRequest? = nil
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
            ), machines AS (
                UPDATE braid.state_machines AS machines
                SET revision_id = revisions.revision_id, last_version = machines.last_version + $9::int4
                FROM revisions WHERE machines.state_machine_id = revisions.state_machine_id
                RETURNING machines.*
            ), versions AS (
                INSERT INTO braid.state_machine_versions (state_machine_id, version, revision_id, description, created_at)
                SELECT state_machine_id, last_version, revision_id, $10::text, braid.now() FROM machines WHERE $9::int4 > 0
                RETURNING *
            )
            SELECT \(StateMachineRecord.columns), \(VersionRecord.columns)
            FROM machines JOIN revisions USING (revision_id) LEFT JOIN versions USING (revision_id)
            """,
            content.values + [
                .int8(id.rawValue), .int8(expected.rawValue), .optional(readsExecutionInput, PostgresValue.bool),
                .int4(version == nil ? 0 : 1), .optional(version?.description, PostgresValue.text),
            ]
        )
        return try decode(rows) { row throws(PostgresError) in
            version == nil ? try StateMachineRecord(row) : try StateMachineRecord.published(row)
        }.first
    }
}
