import Postgres

extension Store {
    /// Makes an activity, or finds the one that has the name; its tags stay as they were.
    ///
    /// Taking the name is an update where it is taken, so that of two that come at once both get the one row.
    package func createActivity(
        named name: String,
        tags: [String: String] = [:]
    ) async throws(StoreError) -> ActivityRecord {
        let rows = try await query(
            """
            INSERT INTO braid.activities (name, tags, created_at) VALUES ($1, $2::jsonb, braid.now())
            ON CONFLICT (name) DO UPDATE SET name = excluded.name
            RETURNING \(ActivityRecord.columns)
            """,
            [.text(name), .text(TagOwner.json(of: tags))]
        )
        guard let record = try decode(rows, ActivityRecord.init).first else {
            throw .unexpected("an activity was made without a row")
        }
        return record
    }
}
