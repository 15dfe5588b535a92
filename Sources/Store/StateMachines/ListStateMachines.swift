import Postgres

extension Store {
    /// Lists state machines by name, also those that are `DELETING`, behind the last name of the page before.
    package func listStateMachines(
        after name: String?,
        limit: Int
    ) async throws(StoreError) -> [StateMachineHead] {
        let rows = try await query(
            """
            SELECT \(StateMachineHead.columns) FROM braid.state_machines AS machines
            WHERE machines.status <> 'DELETED' AND machines.name > $1
            ORDER BY machines.name LIMIT $2
            """,
            [.text(name ?? ""), .int(limit)]
        )
        return try decode(rows, StateMachineHead.init)
    }
}
