import Postgres

/// What is noted of the export of a run's results.
extension Store {
    /// Notes which uploads are under way, in the place of those that were.
    ///
    /// - Returns: Whether the run's branch is still held: nothing may be uploaded otherwise.
    package func note(uploads: String?, by holder: MapRunHolder) async throws(StoreError) -> Bool {
        try await write(
            Statement(
                "UPDATE braid.map_runs SET uploads = $2 WHERE map_run_id = $1",
                [.uuid(holder.run.value), .optional(uploads, PostgresValue.text)]
            ),
            by: holder
        )
    }

    /// Notes which attempts' results are written, all of them.
    ///
    /// - Parameters:
    ///   - exported: The attempts and their files.
    ///   - isWhole: Whether the present attempt is one of them.
    ///   - holder: Who sees to the run.
    /// - Throws: What the database failed with.
    /// - Returns: Whether the run's branch is still held.
    package func note(exported: String?, isWhole: Bool, by holder: MapRunHolder) async throws(StoreError) -> Bool {
        try await write(
            Statement(
                "UPDATE braid.map_runs SET results_written = $2, exported = $3 WHERE map_run_id = $1",
                [.uuid(holder.run.value), .bool(isWhole), .optional(exported, PostgresValue.text)]
            ),
            by: holder
        )
    }

    private func write(_ statement: Statement, by holder: MapRunHolder) async throws(StoreError) -> Bool {
        do {
            return try await pool.transaction { transaction throws(PostgresError) in
                let found = try await transaction.pipeline([holder.lock, holder.fence])
                guard found[1].first != nil else { return false }
                _ = try await transaction.commit([statement])
                return true
            }
        } catch {
            throw StoreError(error)
        }
    }

    /// Runs that have ended, of whose uploads some may still be there.
    package func mapRunsWithUploadsLeft(
        limit: Int
    ) async throws(StoreError) -> [(run: MapRunID, uploads: String)] {
        let rows = try await query(
            """
            SELECT map_run_id, uploads FROM braid.map_runs WHERE uploads IS NOT NULL AND status <> 'RUNNING'
            ORDER BY map_run_id LIMIT $1
            """,
            [.int4(Int32(clamping: limit))]
        )
        return try decode(rows) { row throws(PostgresError) in (MapRunID(try row[0] as UUIDValue), try row[1]) }
    }

    /// Notes that uploads are no more, as long as a run has no others and does not go on.
    package func forgetUploads(_ uploads: String, of run: MapRunID) async throws(StoreError) {
        _ = try await query(
            """
            UPDATE braid.map_runs SET uploads = NULL
            WHERE map_run_id = $1 AND uploads = $2 AND status <> 'RUNNING'
            """,
            [.uuid(run.value), .text(uploads)]
        )
    }
}
