import Postgres

extension Store {
    /// Finds a version of the state machine of a name without its texts: the machine, with the version's revision.
    ///
    /// This is what each start of a version asks.
    package func findVersionHead(
        _ number: Int,
        ofMachineNamed name: String
    ) async throws(StoreError) -> StateMachineHead? {
        let rows = try await query(
            """
            SELECT machines.state_machine_id, machines.name, machines.type, machines.status, versions.revision_id,
                machines.created_at
            FROM braid.state_machines AS machines
            JOIN braid.state_machine_versions AS versions USING (state_machine_id)
            WHERE machines.name = $1 AND machines.status <> 'DELETED' AND versions.version = $2
            """,
            [.text(name), .int4(Int32(clamping: number))]
        )
        return try decode(rows, StateMachineHead.init).first
    }
}
