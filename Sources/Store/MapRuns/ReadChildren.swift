package import Interpreter
package import JSON
import Postgres
package import StatesLanguage

/// A child of a map run that has begun, as the run's results tell it.
package struct MapRunChild: Sendable {
    package var id: ExecutionID
    package var status: ExecutionStatus
    package var input: JSONText
    package var output: JSONText?
    package var failure: Failure
    package var startedAt: Timestamp
    package var stoppedAt: Timestamp?
    package var redriveCount: Int
}

/// Children that an attempt of their run has exported, as far as they succeeded: it was complete, and all of them had ended.
package struct ExportedChildren: Sendable {
    /// The child behind the last that had begun.
    package var end: ExecutionID
    /// How often the run had been redriven: what was redriven more often is exported anew.
    package var redrive: Int

    package init(end: ExecutionID, redrive: Int) {
        self.end = end
        self.redrive = redrive
    }
}

extension Store {
    /// Reads children in the order of their items, behind one of them: a range of the primary key, since ids follow from
    /// the run and the item.
    ///
    /// - Parameters:
    ///   - run: Their run.
    ///   - id: A child, or what stands in front of the first.
    ///   - last: The last child that may be among them.
    ///   - exported: The children that are left out: those that succeeded and are exported.
    ///   - limit: How many at most.
    /// - Throws: What the database failed with.
    /// - Returns: Them.
    package func children(
        of run: MapRunID,
        after id: ExecutionID,
        upTo last: ExecutionID,
        except exported: ExportedChildren? = nil,
        limit: Int
    ) async throws(StoreError) -> [MapRunChild] {
        let rows = try await query(
            """
            SELECT execution_id, status, input, output, error, cause, started_at, stopped_at, redrive_count
            FROM braid.executions
            WHERE execution_id > $2 AND execution_id <= $3 AND (map_run_id = $1) IS TRUE AND (
                status = 'SUCCEEDED' AND execution_id < $5 AND coalesce(map_run_redrive, 0) <= $6
            ) IS NOT TRUE
            ORDER BY execution_id LIMIT $4
            """,
            [
                .uuid(run.value), .uuid(id.value), .uuid(last.value), .int4(Int32(clamping: limit)),
                .optional(exported) { .uuid($0.end.value) },
                .optional(exported) { .int4(Int32(clamping: $0.redrive)) },
            ]
        )
        return try decode(rows) { row throws(PostgresError) in
            let output: String? = try row["output"]
            return MapRunChild(
                id: ExecutionID(try row["execution_id"]),
                status: try row.word("status"),
                input: JSONText(trusted: try row["input"]),
                output: output.map { JSONText(trusted: $0) },
                failure: Failure(error: try row["error"], cause: try row["cause"]),
                startedAt: try row.timestamp("started_at"),
                stoppedAt: try row.optionalTimestamp("stopped_at"),
                redriveCount: try row["redrive_count"]
            )
        }
    }

    /// Children that still run, those that have for longest first.
    package func runningChildren(of run: MapRunID, limit: Int) async throws(StoreError) -> [ExecutionID] {
        let rows = try await query(
            """
            SELECT execution_id FROM braid.executions WHERE map_run_id = $1 AND status = 'RUNNING'
            ORDER BY coalesce(stopped_at, redriven_at, started_at), execution_id LIMIT $2
            """,
            [.uuid(run.value), .int4(Int32(clamping: limit))]
        )
        return try decode(rows) { row throws(PostgresError) in ExecutionID(try row[0] as UUIDValue) }
    }

    /// Runs that have ended, and of which children may run that are to be stopped.
    package func mapRunsWithChildrenLeft(
        of execution: ExecutionID? = nil,
        limit: Int
    ) async throws(StoreError) -> [MapRunID] {
        let rows = try await query(
            """
            SELECT map_run_id FROM braid.map_runs
            WHERE leaves_children AND ($1::uuid IS NULL OR execution_id = $1) ORDER BY map_run_id LIMIT $2
            """,
            [.optional(execution) { .uuid($0.value) }, .int4(Int32(clamping: limit))]
        )
        return try decode(rows) { row throws(PostgresError) in MapRunID(try row[0] as UUIDValue) }
    }

    /// Notes that no child of a run that has ended is left.
    package func settleMapRun(_ run: MapRunID) async throws(StoreError) {
        _ = try await query(
            "UPDATE braid.map_runs SET leaves_children = false WHERE map_run_id = $1 AND leaves_children",
            [.uuid(run.value)]
        )
    }
}
