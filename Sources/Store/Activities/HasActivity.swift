import Postgres

extension Store {
    /// Whether there is an activity of this name.
    package func hasActivity(named name: String) async throws(StoreError) -> Bool {
        try await !activityNames(amongst: [name]).isEmpty
    }

    /// Those of the names that activities have.
    package func activityNames(amongst names: [String]) async throws(StoreError) -> [String] {
        let rows = try await query("SELECT name FROM braid.activities WHERE name = ANY($1)", [.textArray(names)])
        return try decode(rows) { row throws(PostgresError) in try row[0] }
    }
}
