import Postgres

extension Store {
    /// Restarts the heartbeat clock of an attempt that awaits something from outside; its deadline stays.
    ///
    /// The execution is locked, so that no timeout is committed meanwhile.
    ///
    /// - Returns: Whether an attempt with this token awaits anything.
    package func heartbeatTask(_ key: BranchKey, token: String) async throws(StoreError) -> Bool {
        do {
            return try await pool.transaction { transaction throws(PostgresError) in
                let rows = try await transaction.commit([
                    .lock(key.execution),
                    Statement(
                        """
                        UPDATE braid.branches SET wake_at = CASE
                            WHEN wake_at < 'infinity' AND heartbeat_ms IS NOT NULL
                            THEN least(deadline, braid.now() + heartbeat_ms * interval '1 ms') ELSE wake_at END
                        WHERE execution_id = $1 AND branch_id = $2 AND task_token = $3 AND status = 'OPEN'
                            AND happening IS NULL AND phase IN ('P', 'A')
                        RETURNING branch_id
                        """,
                        [.uuid(key.execution.value), .int4(Int32(clamping: key.branch)), .text(token)]
                    ),
                ])
                return !rows[1].isEmpty
            }
        } catch {
            throw StoreError(error)
        }
    }
}
