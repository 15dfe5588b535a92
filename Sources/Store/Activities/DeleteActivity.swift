import Postgres

extension Store {
    /// Deletes the activity of a name, if there is one; tasks that wait for its workers are not touched.
    package func deleteActivity(named name: String) async throws(StoreError) {
        _ = try await query("DELETE FROM braid.activities WHERE name = $1", [.text(name)])
    }
}
