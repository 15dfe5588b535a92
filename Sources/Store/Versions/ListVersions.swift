import Postgres

extension Store {
    /// Lists the versions of a state machine, the newest first, below the last number of the page before.
    package func listVersions(
        of machine: StateMachineID,
        before number: Int?,
        limit: Int
    ) async throws(StoreError) -> [VersionRecord] {
        let rows = try await query(
            """
            SELECT \(VersionRecord.columns) FROM braid.state_machine_versions AS versions
            WHERE versions.state_machine_id = $1 AND versions.version < $2
            ORDER BY versions.version DESC LIMIT $3
            """,
            [.int8(machine.rawValue), .int4(Int32(clamping: number ?? .max)), .int(limit)]
        )
        return try decode(rows, VersionRecord.init)
    }
}
