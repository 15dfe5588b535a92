import Postgres

extension Store {
    /// Reads the results of children that ran in memory which begin with a child.
    package func keptResults(
        of run: MapRunID,
        from child: Int
    ) async throws(StoreError) -> (children: Int, text: String)? {
        let rows = try await query(
            "SELECT child_count, results FROM braid.map_run_results WHERE map_run_id = $1 AND first_child = $2",
            [.uuid(run.value), .int8(Int64(child))]
        )
        return try decode(rows) { row throws(PostgresError) -> (children: Int, text: String) in
            (try row[0], try row[1])
        }.first
    }
}
