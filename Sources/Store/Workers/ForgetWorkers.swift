import Postgres

extension Store {
    /// Forgets workers that ended more than a day ago; their leases were taken back long since.
    package func forgetWorkers() async throws(StoreError) {
        _ = try await query("DELETE FROM braid.workers WHERE ended_at < braid.now() - interval '1 day'")
        // A worker that lives has deleted its own.
        _ = try await query("DELETE FROM braid.revocations WHERE at < braid.now() - interval '1 hour'")
    }
}
