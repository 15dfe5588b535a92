import Postgres

extension Store {
    /// Deletes an alias of the state machine of a name; its versions stay.
    ///
    /// - Returns: Whether there was one.
    package func deleteAlias(named name: String, ofMachineNamed machine: String) async throws(StoreError) -> Bool {
        try await query(
            """
            DELETE FROM braid.state_machine_aliases AS aliases USING braid.state_machines AS machines
            WHERE machines.name = $1 AND machines.status <> 'DELETED'
                AND aliases.state_machine_id = machines.state_machine_id AND aliases.name = $2
            """,
            [.text(machine), .text(name)]
        ).affected > 0
    }
}
