import Postgres

extension Store {
    /// Reads what a worker holds, as the database has it; it is not locked.
    package func leases(of worker: WorkerID) async throws(StoreError) -> [(key: BranchKey, lease: Lease)] {
        let rows = try await query(
            """
            WITH RECURSIVE \(Self.lanes)
            SELECT b.execution_id, b.branch_id, b.lease FROM lanes CROSS JOIN LATERAL (
                SELECT execution_id, branch_id, worker, lease FROM braid.branches
                WHERE lane = lanes.lane AND wake_at = 'infinity' OFFSET 0
            ) AS b
            WHERE b.worker = $1
            """,
            [.int8(worker.rawValue)]
        )
        return try decode(rows) { row throws(PostgresError) in
            (BranchKey(ExecutionID(try row[0] as UUIDValue), try row[1]), Lease(worker: worker, number: try row[2]))
        }
    }

    /// Gives back leases, those that still are what they were, under their executions' locks.
    ///
    /// Their branches are not ready for as long as the delay is. Returns the lanes that have work again.
    @discardableResult
    package func releaseLeases(
        _ leases: [(key: BranchKey, lease: Lease)],
        for delay: Duration = .zero
    ) async throws(StoreError) -> Set<String> {
        do {
            return try await pool.transaction { transaction throws(PostgresError) in
                _ = try await transaction.query(
                    """
                    SELECT 1 FROM braid.branches WHERE branch_id = 0 AND execution_id = ANY($1)
                    ORDER BY execution_id FOR NO KEY UPDATE
                    """,
                    [.uuidArray(Set(leases.map(\.key.execution)).sorted().map(\.value))]
                )
                let released = try await transaction.commit([
                    Statement(
                        """
                        UPDATE braid.branches AS b SET worker = NULL, lease = NULL,
                            wake_at = braid.now() + $5 * interval '1 s'
                        FROM unnest($1::uuid[], $2::int4[], $3::int8[], $4::int8[])
                            AS k (execution_id, branch_id, worker, lease)
                        WHERE b.execution_id = k.execution_id AND b.branch_id = k.branch_id
                            AND b.worker = k.worker AND b.lease = k.lease AND (b.wake_at = 'infinity') IS TRUE
                        RETURNING b.lane
                        """,
                        [
                            .uuidArray(leases.map(\.key.execution.value)), BranchColumns.int4(leases.map(\.key.branch)),
                            .int8Array(leases.map(\.lease.worker.rawValue)), .int8Array(leases.map(\.lease.number)),
                            .float8(delay / .seconds(1)),
                        ]
                    )
                ])
                var lanes: Set<String> = []
                for row in released[0] { lanes.insert(try row[0]) }
                return lanes
            }
        } catch {
            throw StoreError(error)
        }
    }
}
