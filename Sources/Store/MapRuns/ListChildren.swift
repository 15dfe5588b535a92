import Postgres
import StatesLanguage

extension Store {
    /// Lists a run's children, newest first: those that run by when they began, or went on after a redrive, the others by
    /// when they ended.
    ///
    /// By status, as `listExecutions` does: each is one scan of the index, of at most a page. It goes on behind `place`. One
    /// that ends between two pages goes to the front, and is in none of the pages to come.
    package func listChildren(
        of run: MapRunRecord,
        _ filter: ChildFilter = ChildFilter(),
        after place: ChildPlace? = nil,
        limit: Int
    ) async throws(StoreError) -> [ExecutionSummary] {
        let waiting = run.waiting
        let rows = try await query(
            """
            SELECT \(ExecutionSummary.columns)
            FROM unnest($2::text[]) AS wanted (status)
            CROSS JOIN LATERAL (
                SELECT *, coalesce(stopped_at, redriven_at, started_at) AS changed_at FROM braid.executions
                WHERE executions.map_run_id = $1 AND executions.status = wanted.status
                    AND (coalesce(stopped_at, redriven_at, started_at), execution_id) < ($3::timestamptz, $4::uuid)
                    AND ($6::bool IS NULL OR $6 = (executions.execution_id >= $7 AND executions.execution_id < $8))
                    AND ($9::bool IS NULL OR $9 = (executions.redrive_count > 0))
                ORDER BY coalesce(stopped_at, redriven_at, started_at) DESC, execution_id DESC LIMIT $5
            ) AS executions
            JOIN braid.state_machines AS machines USING (state_machine_id)
            ORDER BY executions.changed_at DESC, executions.execution_id DESC LIMIT $5
            """,
            [
                .uuid(run.id.value), .textArray(filter.statuses.map(\.rawValue)),
                .timestamp(place?.at.microseconds ?? ChildPlace.front),
                .uuid(place?.id.value ?? UUIDValue(high: .max, low: .max)), .int(limit),
                .optional(filter.waits, PostgresValue.bool), .uuid(waiting.lowerBound.value),
                .uuid(waiting.upperBound.value), .optional(filter.isRedriven, PostgresValue.bool),
            ]
        )
        return try decode(rows, ExecutionSummary.init)
    }
}

/// Where a child stands among those of its run: by what happened to it last.
package typealias ChildPlace = ListPlace<ExecutionID>

extension ChildPlace {
    /// In front of all: the year 2600.
    fileprivate static var front: Int64 { 19_880_899_200_000_000 }

    package init(of child: ExecutionSummary) {
        self.init(at: child.stoppedAt ?? child.redrivenAt ?? child.startedAt, id: child.id)
    }
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
