import Postgres
package import StatesLanguage

extension Store {
    /// Makes a state machine with its first revision, and that as its version 1 where it is to be published, unless one
    /// of that name exists.
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
    ///   - tags: Values by key.
    ///   - version: Publishes it; `nil` does not.
    /// - Throws: When the database does not do it.
    /// - Returns: The new machine; `nil` if the name is taken, by one that is `DELETING` too.
    package func createStateMachine(
        named name: String,
        type: StateMachineType,
        content: RevisionContent,
        readsExecutionInput: Bool = true,
        tags: [String: String] = [:],
        publishing version: VersionRequest? = nil
    ) async throws(StoreError) -> StateMachineRecord? {
        let rows = try await query(
            """
            WITH ids AS (
                SELECT
                    nextval(pg_get_serial_sequence('braid.state_machines', 'state_machine_id')) AS state_machine_id,
                    nextval(pg_get_serial_sequence('braid.state_machine_revisions', 'revision_id')) AS revision_id
            ), machines AS (
                INSERT INTO braid.state_machines (
                    state_machine_id, name, type, revision_id, created_at, tags, last_version
                )
                OVERRIDING SYSTEM VALUE
                SELECT state_machine_id, $1, $2, revision_id, braid.now(), $9::jsonb, $10::int4 FROM ids
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
            ), versions AS (
                INSERT INTO braid.state_machine_versions (state_machine_id, version, revision_id, description, created_at)
                SELECT state_machine_id, last_version, revision_id, $11::text, created_at FROM machines
                WHERE last_version > 0
                RETURNING *
            )
            SELECT \(StateMachineRecord.columns), \(VersionRecord.columns)
            FROM machines JOIN revisions USING (revision_id) LEFT JOIN versions USING (revision_id)
            """,
            [.text(name), .text(type.rawValue)] + content.values + [
                .bool(readsExecutionInput), .text(TagOwner.json(of: tags)), .int4(version == nil ? 0 : 1),
                .optional(version?.description, PostgresValue.text),
            ]
        )
        return try decode(rows) { row throws(PostgresError) in
            version == nil ? try StateMachineRecord(row) : try StateMachineRecord.published(row)
        }.first
    }
}
