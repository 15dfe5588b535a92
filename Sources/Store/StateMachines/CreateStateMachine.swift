import Postgres
package import StatesLanguage

extension Store {
    /// Makes a state machine with its first revision, unless one of that name exists.
    ///
    /// The ids are drawn first, because each row names the other's. The unique index over names that are not `DELETED`
    /// decides between two that come at once: the second makes nothing.
    ///
    /// - Parameters:
    ///   - name: Its name.
    ///   - type: Standard or Express.
    ///   - content: What its first revision holds.
    ///   - readsExecutionInput: Whether a state may read the execution's input through the context object: then every lease
    ///     carries it.
    /// - Throws: When the database does not do it.
    /// - Returns: The new machine; `nil` if the name is taken, by one that is `DELETING` too.
    package func createStateMachine(
        named name: String,
        type: StateMachineType,
        content: RevisionContent,
        readsExecutionInput: Bool = true
    ) async throws(StoreError) -> StateMachineRecord? {
        let rows = try await query(
            """
            WITH ids AS (
                SELECT
                    nextval(pg_get_serial_sequence('braid.state_machines', 'state_machine_id')) AS state_machine_id,
                    nextval(pg_get_serial_sequence('braid.state_machine_revisions', 'revision_id')) AS revision_id
            ), machines AS (
                INSERT INTO braid.state_machines (state_machine_id, name, type, revision_id, created_at)
                OVERRIDING SYSTEM VALUE
                SELECT state_machine_id, $1, $2, revision_id, braid.now() FROM ids
                ON CONFLICT (name) WHERE status <> 'DELETED' DO NOTHING
                RETURNING *
            ), revisions AS (
                INSERT INTO braid.state_machine_revisions (
                    revision_id, state_machine_id, definition, role_arn, logging_configuration, tracing_configuration,
                    encryption_configuration, reads_context, created_at
                )
                OVERRIDING SYSTEM VALUE
                SELECT revision_id, state_machine_id, $3, $4, $5, $6, $7, $8, created_at FROM machines
                RETURNING *
            )
            SELECT \(StateMachineRecord.columns) FROM machines JOIN revisions USING (revision_id)
            """,
            [.text(name), .text(type.rawValue)] + content.values + [.bool(readsExecutionInput)]
        )
        return try decode(rows, StateMachineRecord.init).first
    }
}
