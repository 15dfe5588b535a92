import Postgres

extension Store {
    /// Finds a version of the state machine of a name, with the revision that it is.
    package func findVersion(
        _ number: Int,
        ofMachineNamed name: String
    ) async throws(StoreError) -> StateMachineRecord? {
        let rows = try await query(
            """
            SELECT \(StateMachineRecord.columns), \(VersionRecord.columns)
            FROM braid.state_machines AS machines
            JOIN braid.state_machine_versions AS versions USING (state_machine_id)
            JOIN braid.state_machine_revisions AS revisions ON revisions.revision_id = versions.revision_id
            WHERE machines.name = $1 AND machines.status <> 'DELETED' AND versions.version = $2
            """,
            [.text(name), .int4(Int32(clamping: number))]
        )
        return try decode(rows, StateMachineRecord.published).first
    }
}

extension StateMachineRecord {
    /// Reads the columns of ``VersionRecord`` too.
    static func published(_ row: Row) throws(PostgresError) -> StateMachineRecord {
        var record = try StateMachineRecord(row)
        record.version = try VersionRecord(row)
        return record
    }
}
