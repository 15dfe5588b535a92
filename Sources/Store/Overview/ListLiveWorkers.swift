import Postgres
package import StatesLanguage

/// A worker as its row shows it.
package struct WorkerRecord: Sendable, Equatable {
    package var id: WorkerID
    package var host: String
    package var processID: Int
    /// The lanes that it serves; `*` is every function.
    package var lanes: [String]
    package var capacity: Int
    package var startedAt: Timestamp
    package var heartbeatAt: Timestamp
}

extension Store {
    /// Lists workers that have not ended, nor were declared dead, the newest first.
    package func listLiveWorkers(limit: Int = 100) async throws(StoreError) -> [WorkerRecord] {
        let rows = try await query(
            """
            SELECT worker_id, host, pid, lanes, capacity, started_at, heartbeat_at FROM braid.workers
            WHERE ended_at IS NULL ORDER BY worker_id DESC LIMIT $1
            """,
            [.int(limit)]
        )
        return try decode(rows) { row throws(PostgresError) -> WorkerRecord in
            WorkerRecord(
                id: WorkerID(rawValue: try row["worker_id"]),
                host: try row["host"],
                processID: try row["pid"],
                lanes: try row["lanes"],
                capacity: try row["capacity"],
                startedAt: try row.timestamp("started_at"),
                heartbeatAt: try row.timestamp("heartbeat_at")
            )
        }
    }
}
