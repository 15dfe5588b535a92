import Postgres
import StatesLanguage

extension Store {
    /// Lists the runs of an execution's Distributed Maps, those that began last first, behind a place in that list.
    package func listMapRuns(
        of execution: ExecutionID,
        after place: MapRunPlace? = nil,
        limit: Int
    ) async throws(StoreError) -> [MapRunRecord] {
        let rows = try await query(
            """
            SELECT \(MapRunRecord.columns) FROM braid.map_runs AS r \(MapRunRecord.joins)
            WHERE r.execution_id = $1
                AND ($2::timestamptz IS NULL OR (r.started_at, r.map_run_id) < ($2::timestamptz, $3::uuid))
            ORDER BY r.started_at DESC, r.map_run_id DESC LIMIT $4
            """,
            [
                .uuid(execution.value), .optional(place) { .timestamp($0.startedAt.microseconds) },
                .optional(place) { .uuid($0.id.value) }, .int4(Int32(clamping: limit)),
            ]
        )
        return try decode(rows, MapRunRecord.init)
    }

    /// Lists a run's children, those of the last items first.
    ///
    /// By status, as `listExecutions` does: each is one scan of the index, of at most a page. It goes on in front of `id`.
    package func listChildren(
        of run: MapRunRecord,
        _ filter: ChildFilter = ChildFilter(),
        before id: ExecutionID?,
        limit: Int
    ) async throws(StoreError) -> [ExecutionSummary] {
        let waiting = run.waiting
        let rows = try await query(
            """
            SELECT \(ExecutionSummary.columns)
            FROM unnest($2::text[]) AS wanted (status)
            CROSS JOIN LATERAL (
                SELECT * FROM braid.executions
                WHERE executions.map_run_id = $1 AND executions.status = wanted.status AND executions.execution_id < $3
                    AND ($5::bool IS NULL OR $5 = (executions.execution_id >= $6 AND executions.execution_id < $7))
                    AND ($8::bool IS NULL OR $8 = (executions.redrive_count > 0))
                ORDER BY executions.execution_id DESC LIMIT $4
            ) AS executions
            JOIN braid.state_machines AS machines USING (state_machine_id)
            ORDER BY executions.execution_id DESC LIMIT $4
            """,
            [
                .uuid(run.id.value), .textArray(filter.statuses.map(\.rawValue)),
                .uuid(id?.value ?? UUIDValue(high: .max, low: .max)), .int(limit),
                .optional(filter.waits, PostgresValue.bool), .uuid(waiting.lowerBound.value),
                .uuid(waiting.upperBound.value), .optional(filter.isRedriven, PostgresValue.bool),
            ]
        )
        return try decode(rows, ExecutionSummary.init)
    }
}

/// Where a run stands among those of its execution: in the order of their starts.
package struct MapRunPlace: Sendable, CustomStringConvertible {
    let startedAt: Timestamp
    let id: MapRunID

    package init(of run: MapRunRecord) {
        startedAt = run.startedAt
        id = run.id
    }

    /// Reads what ``description`` writes.
    package init?(_ text: String) {
        let parts = text.split(separator: " ").map { String($0) }
        guard parts.count == 2, let microseconds = Int64(parts[0]), let id = MapRunID(parts[1]) else { return nil }
        startedAt = Timestamp(microseconds: microseconds)
        self.id = id
    }

    package var description: String { "\(startedAt.microseconds) \(id)" }
}

/// Which children of a run.
package struct ChildFilter: Sendable {
    package var statuses: [ExecutionStatus]
    /// Only those whose place waits for being redriven, or only the others.
    package var waits: Bool?
    /// Only those that were redriven, or only the others.
    package var isRedriven: Bool?

    package init(
        statuses: [ExecutionStatus] = ExecutionStatus.allCases,
        waits: Bool? = nil,
        isRedriven: Bool? = nil
    ) {
        self.statuses = statuses
        self.waits = waits
        self.isRedriven = isRedriven
    }
}

extension MapRunRecord {
    /// The children that the run's redrive has not come to: those of them that did not succeed wait for it.
    fileprivate var waiting: Range<ExecutionID> {
        let began = startedAt.microseconds / 1_000
        let end = status == .running ? redrive.children : redrive.cursor
        return id.child(min(redrive.cursor, end), began: began)..<id.child(end, began: began)
    }

    /// Whether a child, as it is listed, waits for being redriven.
    package func hasWaiting(_ child: ExecutionSummary) -> Bool { hasWaiting(child.id, child.status) }

    /// Whether a child that has ended, or runs, waits for being redriven.
    package func hasWaiting(_ child: ExecutionID, _ status: ExecutionStatus) -> Bool {
        [.failed, .timedOut, .aborted].contains(status) && waiting.contains(child)
    }
}
