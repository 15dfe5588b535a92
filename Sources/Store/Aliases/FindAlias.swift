import Postgres

extension Store {
    /// Finds an alias of the state machine of a name, and the machine.
    package func findAlias(
        named name: String,
        ofMachineNamed machine: String
    ) async throws(StoreError) -> (alias: AliasRecord, machine: StateMachineHead)? {
        let rows = try await query(
            """
            SELECT \(StateMachineHead.columns), \(AliasRecord.columns) FROM braid.state_machines AS machines
            JOIN braid.state_machine_aliases AS aliases USING (state_machine_id)
            WHERE machines.name = $1 AND machines.status <> 'DELETED' AND aliases.name = $2
            """,
            [.text(machine), .text(name)]
        )
        return try decode(rows) { row throws(PostgresError) in
            (alias: try AliasRecord(row), machine: try StateMachineHead(row))
        }.first
    }
}
