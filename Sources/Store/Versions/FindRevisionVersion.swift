import Postgres

extension Store {
    /// Finds the version as which a revision is published.
    package func findVersion(
        ofRevision revision: RevisionID,
        of machine: StateMachineID
    ) async throws(StoreError) -> VersionRecord? {
        let rows = try await query(
            """
            SELECT \(VersionRecord.columns) FROM braid.state_machine_versions AS versions
            WHERE versions.state_machine_id = $1 AND versions.revision_id = $2
            """,
            [.int8(machine.rawValue), .int8(revision.rawValue)]
        )
        return try decode(rows, VersionRecord.init).first
    }
}
