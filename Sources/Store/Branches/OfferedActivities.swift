import Postgres

extension Store {
    /// Reads attempts of an activity, by its lane, that nobody has taken, the longest waiting first.
    ///
    /// They are not locked: whoever commits that one is started gets it.
    package func offeredActivities(in lane: String, limit: Int) async throws(StoreError) -> [LeasedBranch] {
        let rows = try await query(
            """
            SELECT \(LeasedBranch.columns)
            FROM (
                SELECT * FROM braid.branches WHERE lane = $3 AND wake_at <= braid.now() ORDER BY wake_at LIMIT $4
            ) AS b
            \(LeasedBranch.joins)
            """,
            [.int8(0), .int8(0), .text(lane), .int4(Int32(clamping: limit))]
        )
        let offered = try decode(rows) { row throws(PostgresError) in
            try LeasedBranch(row, worker: WorkerID(rawValue: 0))
        }
        return try await withOuterVariables(offered)
    }
}
