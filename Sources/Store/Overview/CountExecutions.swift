import Postgres

/// How many executions of a state machine have each status, as far as was counted.
package struct ExecutionCounts: Sendable, Equatable {
    package var machine: StateMachineHead
    package var counts: [ExecutionStatus: Int]
}

extension Store {
    /// Counts the executions of the newest state machines by status.
    ///
    /// Each count stops at a bound, at most 10,000, so that it costs the same however many executions there are; the order
    /// and the range keep the planner to the index, as in `listExecutions`.
    package func countExecutions(ofNewest machines: Int, upTo bound: Int) async throws(StoreError) -> [ExecutionCounts]
    {
        let rows = try await query(
            """
            WITH machines AS (
                SELECT * FROM braid.state_machines WHERE status <> 'DELETED' ORDER BY state_machine_id DESC LIMIT $1
            )
            SELECT \(StateMachineHead.columns), array_agg(statuses.status) AS statuses, array_agg(counted.count) AS counts
            FROM machines
            CROSS JOIN unnest($3::text[]) AS statuses (status)
            CROSS JOIN LATERAL (
                SELECT count(*) FROM (
                    SELECT FROM (
                        SELECT FROM braid.executions
                        WHERE executions.state_machine_id = machines.state_machine_id
                            AND executions.map_run_id IS NULL
                            AND executions.status >= statuses.status AND executions.status <= statuses.status
                        ORDER BY executions.status, executions.execution_id LIMIT 10000
                    ) AS ordered
                    LIMIT $2
                ) AS bounded
            ) AS counted
            GROUP BY \(StateMachineHead.columns)
            ORDER BY machines.state_machine_id DESC
            """,
            [.int(machines), .int(bound), .textArray(ExecutionStatus.allCases.map(\.rawValue))]
        )
        return try decode(rows) { row throws(PostgresError) -> ExecutionCounts in
            let statuses = try row.decode("statuses", as: [String].self).compactMap { ExecutionStatus(rawValue: $0) }
            let counts = try row.decode("counts", as: [Int].self)
            return ExecutionCounts(
                machine: try StateMachineHead(row),
                counts: Dictionary(zip(statuses, counts)) { first, _ in first }
            )
        }
    }
}
