import Postgres
package import StatesLanguage

extension Store {
    /// Reads when an execution ended; when it started if it runs; `nil` if there is none.
    package func stopTime(of execution: ExecutionID) async throws(StoreError) -> Timestamp? {
        let rows = try await query(
            "SELECT coalesce(stopped_at, started_at) FROM braid.executions WHERE execution_id = $1",
            [.uuid(execution.value)]
        )
        return try decode(rows) { row throws(PostgresError) in Timestamp(microseconds: try row[0]) }.first
    }
}
