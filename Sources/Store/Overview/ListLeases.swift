import Postgres
package import StatesLanguage

/// A branch that a worker holds.
package struct LeaseRecord: Sendable {
    package var execution: ExecutionID
    package var executionName: String
    package var machine: String
    package var branch: Int
    package var state: String
    package var lane: String
    package var worker: WorkerID
    package var enteredAt: Timestamp?
}

extension Store {
    /// Lists branches that are leased, some of each lane.
    package func listLeases(limit: Int) async throws(StoreError) -> [LeaseRecord] {
        let rows = try await query(
            """
            WITH RECURSIVE \(Self.lanes)
            SELECT leased.execution_id, coalesce(executions.name, leased.execution_id::text) AS execution,
                machines.name AS machine, leased.branch_id, leased.state, leased.lane, leased.worker, leased.entered_at
            FROM lanes CROSS JOIN LATERAL (
                SELECT * FROM braid.branches
                WHERE branches.lane = lanes.lane AND branches.wake_at = 'infinity' LIMIT $1
            ) AS leased
            JOIN braid.executions AS executions USING (execution_id)
            JOIN braid.state_machines AS machines USING (state_machine_id)
            WHERE leased.worker IS NOT NULL
            ORDER BY leased.worker, leased.execution_id, leased.branch_id LIMIT $1
            """,
            [.int(limit)]
        )
        return try decode(rows) { row throws(PostgresError) -> LeaseRecord in
            LeaseRecord(
                execution: ExecutionID(try row["execution_id"]),
                executionName: try row["execution"],
                machine: try row["machine"],
                branch: try row["branch_id"],
                state: try row["state"],
                lane: try row["lane"],
                worker: WorkerID(rawValue: try row["worker"]),
                enteredAt: try row.optionalTimestamp("entered_at")
            )
        }
    }
}
