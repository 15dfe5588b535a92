import Postgres

extension Store {
    /// Makes the branch of a run ready that nobody holds, and that was handed back for longer; under its execution's lock.
    ///
    /// - Returns: The lane that has work by it; `nil` where it is held, or ready, or has ended.
    package func wakeMapRun(_ key: BranchKey) async throws(StoreError) -> String? {
        do {
            return try await pool.transaction { transaction throws(PostgresError) in
                let woken = try await transaction.commit([
                    .lock(key.execution),
                    Statement(
                        """
                        UPDATE braid.branches SET wake_at = braid.now()
                        WHERE execution_id = $1 AND branch_id = $2 AND phase = 'D' AND worker IS NULL
                            AND wake_at > braid.now() AND wake_at < 'infinity'
                        RETURNING lane
                        """,
                        [.uuid(key.execution.value), .int4(Int32(clamping: key.branch))]
                    ),
                ])
                guard let row = woken[1].first else { return nil }
                return try row[0] as String
            }
        } catch {
            throw StoreError(error)
        }
    }
}
