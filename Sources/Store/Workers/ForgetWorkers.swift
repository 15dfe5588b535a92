import Postgres

extension Store {
    /// Forgets workers that ended more than two days ago: longer than any grace for what nobody serves.
    package func forgetWorkers() async throws(StoreError) {
        _ = try await query("DELETE FROM braid.workers WHERE ended_at < braid.now() - interval '2 days'")
        // A worker that lives has deleted its own.
        _ = try await query("DELETE FROM braid.revocations WHERE at < braid.now() - interval '1 hour'")
    }
}
