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
                .uuid(execution.value), .optional(place) { .timestamp($0.at.microseconds) },
                .optional(place) { .uuid($0.id.value) }, .int4(Int32(clamping: limit)),
            ]
        )
        return try decode(rows, MapRunRecord.init)
    }
}

/// Where a run stands among those of its execution: in the order of their starts.
package typealias MapRunPlace = ListPlace<MapRunID>

extension MapRunPlace {
    package init(of run: MapRunRecord) { self.init(at: run.startedAt, id: run.id) }
}
