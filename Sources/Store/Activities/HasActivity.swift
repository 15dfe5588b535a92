import Postgres

extension Store {
    /// Whether there is an activity of this name.
    package func hasActivity(named name: String) async throws(StoreError) -> Bool {
        try await !query("SELECT FROM braid.activities WHERE name = $1", [.text(name)]).isEmpty
    }
}
