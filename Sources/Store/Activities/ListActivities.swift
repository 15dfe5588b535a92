import Postgres

extension Store {
    /// Lists activities by name, behind the last name of the page before.
    package func listActivities(after name: String?, limit: Int) async throws(StoreError) -> [ActivityRecord] {
        let rows = try await query(
            """
            SELECT \(ActivityRecord.columns) FROM braid.activities
            WHERE activities.name > $1 ORDER BY activities.name LIMIT $2
            """,
            [.text(name ?? ""), .int(limit)]
        )
        return try decode(rows, ActivityRecord.init)
    }
}
