import Postgres

extension Store {
    /// Changes a run that goes on; what is `nil` stays as it is.
    ///
    /// Who sees to the run reads it before each step.
    ///
    /// - Returns: Whether the run goes on.
    package func updateMapRun(
        _ run: MapRunID,
        maxConcurrency: Int?,
        toleratedFailures: Int?,
        toleratedPercentage: Double?
    ) async throws(StoreError) -> Bool {
        let rows = try await query(
            """
            UPDATE braid.map_runs SET max_concurrency = coalesce($2, max_concurrency),
                tolerated_failure_count = coalesce($3, tolerated_failure_count),
                tolerated_failure_percentage = coalesce($4, tolerated_failure_percentage)
            WHERE map_run_id = $1 AND status = 'RUNNING' RETURNING map_run_id
            """,
            [
                .uuid(run.value), .optional(maxConcurrency) { .int4(Int32(clamping: $0)) },
                .optional(toleratedFailures) { .int8(Int64($0)) }, .optional(toleratedPercentage) { .float8($0) },
            ]
        )
        return !rows.isEmpty
    }
}
