import Postgres

extension Store {
    /// Reads a revision's definition, as its machine was given it; `nil` if there is no such revision.
    package func definition(of revision: RevisionID) async throws(StoreError) -> String? {
        let rows = try await query(
            "SELECT definition FROM braid.state_machine_revisions WHERE revision_id = $1",
            [.int8(revision.rawValue)]
        )
        return try decode(rows) { row throws(PostgresError) -> String in try row[0] }.first
    }
}
