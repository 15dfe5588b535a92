import Postgres

extension Store {
    /// Finds the state machines of these names without their texts; never a deleted one.
    ///
    /// This is what each start of an execution asks, so that it costs the same whatever the definition's size.
    package func findStateMachineHeads(named names: [String]) async throws(StoreError) -> [StateMachineHead] {
        let rows = try await query(
            """
            SELECT \(StateMachineHead.columns) FROM braid.state_machines AS machines
            WHERE machines.name = ANY($1) AND machines.status <> 'DELETED'
            """,
            [.textArray(names)]
        )
        return try decode(rows, StateMachineHead.init)
    }
}

extension StateMachineHead {
    /// The columns that ``init(_:)`` reads, of `machines`.
    static let columns = """
        machines.state_machine_id, machines.name, machines.type, machines.status, machines.revision_id,
        machines.created_at
        """

    init(_ row: Row) throws(PostgresError) {
        id = StateMachineID(rawValue: try row["state_machine_id"])
        name = try row["name"]
        type = try row.word("type")
        status = try row.word("status")
        revisionID = RevisionID(rawValue: try row["revision_id"])
        createdAt = try row.timestamp("created_at")
    }
}
