import Postgres

extension Store {
    /// Publishes a state machine's present revision as a version, or finds the version that it was published as.
    ///
    /// The machine's row hands out the numbers. Of two that publish the same revision at once, the second waits for that
    /// row, does not see the first's version yet and is refused by the unique key, number and all; it then finds it.
    ///
    /// - Returns: The version; `nil` if the machine has another revision by now, or is no longer active.
    package func publishVersion(
        of machine: StateMachineID,
        revision: RevisionID,
        as request: VersionRequest
    ) async throws(StoreError) -> VersionRecord? {
        do {
            return try await publish(machine, revision, request)
        } catch .refused(state: "23505", _) {
            return try await publish(machine, revision, request)
        } catch {
            throw error
        }
    }

    private func publish(
        _ machine: StateMachineID,
        _ revision: RevisionID,
        _ request: VersionRequest
    ) async throws(StoreError) -> VersionRecord? {
        let rows = try await query(
            """
            WITH numbered AS (
                UPDATE braid.state_machines AS machines SET last_version = machines.last_version + 1
                WHERE machines.state_machine_id = $1 AND machines.revision_id = $2 AND machines.status = 'ACTIVE'
                    AND NOT EXISTS (
                        SELECT FROM braid.state_machine_versions AS versions
                        WHERE versions.state_machine_id = $1 AND versions.revision_id = $2
                    )
                RETURNING machines.state_machine_id, machines.last_version, machines.revision_id
            ), made AS (
                INSERT INTO braid.state_machine_versions (state_machine_id, version, revision_id, description, created_at)
                SELECT numbered.state_machine_id, numbered.last_version, numbered.revision_id, $3::text, braid.now()
                FROM numbered
                RETURNING *
            )
            SELECT \(VersionRecord.columns) FROM made AS versions
            UNION ALL
            SELECT \(VersionRecord.columns) FROM braid.state_machine_versions AS versions
            WHERE versions.state_machine_id = $1 AND versions.revision_id = $2
            """,
            [
                .int8(machine.rawValue), .int8(revision.rawValue),
                .optional(request.description, PostgresValue.text),
            ]
        )
        return try decode(rows, VersionRecord.init).first
    }
}
