import Postgres

extension Store {
    /// Makes an alias of an active state machine.
    ///
    /// The machine's row is locked, so that it is not deleted in this moment; the alias's foreign keys keep its versions.
    ///
    /// - Returns: The alias; `nil` if the name is taken, a version does not exist, or the machine is not active.
    package func createAlias(
        named name: String,
        of machine: StateMachineID,
        content: AliasContent
    ) async throws(StoreError) -> AliasRecord? {
        do {
            let rows = try await query(
                """
                INSERT INTO braid.state_machine_aliases AS aliases (
                    state_machine_id, name, description, version, weight, second_version, second_weight, created_at,
                    updated_at
                )
                SELECT machines.state_machine_id, $2, $3::text, $4::int4, $5::int4, $6::int4, $7::int4, braid.now(), braid.now()
                FROM braid.state_machines AS machines
                WHERE machines.state_machine_id = $1 AND machines.status = 'ACTIVE'
                FOR SHARE
                ON CONFLICT (state_machine_id, name) DO NOTHING
                RETURNING \(AliasRecord.columns)
                """,
                [.int8(machine.rawValue), .text(name), .optional(content.description, PostgresValue.text)]
                    + content.routeValues
            )
            return try decode(rows, AliasRecord.init).first
        } catch .refused(state: "23503", _) {
            return nil
        } catch {
            throw error
        }
    }
}
