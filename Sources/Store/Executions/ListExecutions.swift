import Postgres

/// Which executions of a state machine are listed.
package enum ExecutionFilter: Sendable, Equatable {
    case all
    /// Those started through a version, by its own ARN or through an alias.
    case version(Int)
    case alias(String)

    /// The condition on a row; what it is compared with is `$5`.
    fileprivate var condition: String {
        switch self {
        case .all: ""
        case .version: "AND executions.version = $5"
        case .alias: "AND executions.alias = $5"
        }
    }

    fileprivate var values: [PostgresValue] {
        switch self {
        case .all: []
        case .version(let number): [.int4(Int32(clamping: number))]
        case .alias(let name): [.text(name)]
        }
    }
}

extension Store {
    /// Lists executions of a state machine, those started last first.
    ///
    /// One ordered scan of the index for each status, each of at most a page, merged: a page costs the same however many
    /// executions there are and however their statuses are spread. It goes on behind the last id of the page before.
    /// The status is compared as a range, and bounded by a number that the planner can see: it would take the primary key
    /// for `status = …`, which reads everything where few have that status.
    package func listExecutions(
        of machine: StateMachineID,
        through filter: ExecutionFilter = .all,
        status: ExecutionStatus?,
        before id: ExecutionID?,
        limit: Int
    ) async throws(StoreError) -> [ExecutionSummary] {
        let statuses = status.map { [$0] } ?? ExecutionStatus.allCases
        let rows = try await query(
            """
            SELECT \(ExecutionSummary.columns)
            FROM unnest($2::text[]) AS wanted (status)
            CROSS JOIN LATERAL (
                SELECT * FROM (
                    SELECT * FROM braid.executions
                    WHERE executions.state_machine_id = $1 AND executions.map_run_id IS NULL \(filter.condition)
                        AND (executions.status, executions.execution_id) < (wanted.status, $3)
                        AND executions.status >= wanted.status
                    ORDER BY executions.status DESC, executions.execution_id DESC LIMIT 1001
                ) AS page
                LIMIT $4
            ) AS executions
            JOIN braid.state_machines AS machines ON machines.state_machine_id = $1
            ORDER BY executions.execution_id DESC LIMIT $4
            """,
            [
                .int8(machine.rawValue), .textArray(statuses.map(\.rawValue)),
                .uuid(id?.value ?? UUIDValue(high: .max, low: .max)), .int(limit),
            ] + filter.values
        )
        return try decode(rows, ExecutionSummary.init)
    }
}
