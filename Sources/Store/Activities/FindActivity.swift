import Postgres

extension Store {
    /// Finds the activity of a name.
    package func findActivity(named name: String) async throws(StoreError) -> ActivityRecord? {
        let rows = try await query(
            "SELECT \(ActivityRecord.columns) FROM braid.activities WHERE activities.name = $1",
            [.text(name)]
        )
        return try decode(rows, ActivityRecord.init).first
    }
}
