package import JSON
import Postgres
package import StatesLanguage

/// An asynchronous execution of an Express machine while it runs.
package struct ExpressRow: Sendable {
    package var id: ExecutionID
    package var revision: RevisionID
    package var name: String?
    package var input: JSONText
    package var traceHeader: String?
    package var version: Int?
    package var alias: String?
    /// What its Tasks give instead of being performed.
    package var doubles: TestDoubles?
    /// How many workers have died while they ran it.
    package var lapses = 0

    package init(
        id: ExecutionID,
        revision: RevisionID,
        name: String?,
        input: JSONText,
        traceHeader: String? = nil,
        version: Int? = nil,
        alias: String? = nil
    ) {
        self.id = id
        self.revision = revision
        self.name = name
        self.input = input
        self.traceHeader = traceHeader
        self.version = version
        self.alias = alias
    }
}

extension Store {
    /// Keeps an asynchronous execution of an Express machine until it ends; `worker` runs it, anyone if that is `nil`.
    package func keepExpress(
        _ row: ExpressRow,
        of machine: StateMachineID,
        at time: Timestamp,
        worker: WorkerID?
    ) async throws(StoreError) {
        _ = try await query(
            """
            INSERT INTO braid.express_executions (execution_id, state_machine_id, revision_id, started_at, name, input,
                trace_header, version, alias, worker, test_doubles)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) ON CONFLICT DO NOTHING
            """,
            [
                .uuid(row.id.value), .int8(machine.rawValue), .int8(row.revision.rawValue),
                .timestamp(time.microseconds), .optional(row.name, PostgresValue.text), .text(row.input.text),
                .optional(row.traceHeader, PostgresValue.text),
                .optional(row.version) { .int4(Int32(clamping: $0)) }, .optional(row.alias, PostgresValue.text),
                .optional(worker) { .int8($0.rawValue) }, .optional(row.doubles) { .text($0.text) },
            ]
        )
    }

    /// Takes executions that nobody runs: left to anyone, or their worker ended.
    ///
    /// Rows that another is taking are skipped, so that each has one taker.
    package func takeExpress(for worker: WorkerID, limit: Int) async throws(StoreError) -> [ExpressRow] {
        let rows = try await query(
            """
            WITH alive AS MATERIALIZED (
                SELECT worker_id FROM braid.workers WHERE worker_id = $1 AND ended_at IS NULL FOR KEY SHARE
            ), left_over AS MATERIALIZED (
                SELECT e.execution_id FROM alive, braid.express_executions AS e
                WHERE e.worker IS NULL
                    OR NOT EXISTS (SELECT FROM braid.workers AS w WHERE w.worker_id = e.worker AND w.ended_at IS NULL)
                ORDER BY e.execution_id LIMIT $2 FOR UPDATE OF e SKIP LOCKED
            )
            UPDATE braid.express_executions AS e
            SET worker = $1, lapses = e.lapses + CASE WHEN e.worker IS NULL THEN 0 ELSE 1 END FROM left_over
            WHERE e.execution_id = left_over.execution_id
            RETURNING e.execution_id, e.revision_id, e.name, e.input, e.trace_header, e.version, e.alias,
                e.test_doubles, e.lapses
            """,
            [.int8(worker.rawValue), .int4(Int32(clamping: limit))]
        )
        return try decode(rows) { row throws(PostgresError) in
            var express = ExpressRow(
                id: ExecutionID(try row[0]),
                revision: RevisionID(rawValue: try row[1]),
                name: try row[2],
                input: JSONText(trusted: try row[3]),
                traceHeader: try row[4],
                version: try row[5],
                alias: try row[6]
            )
            let doubles: String? = try row[7]
            express.doubles = doubles.flatMap { TestDoubles(text: $0) }
            express.lapses = try row[8]
            return express
        }
    }

    /// Leaves an execution that a worker cannot run to anyone.
    package func leaveExpress(_ id: ExecutionID, by worker: WorkerID) async throws(StoreError) {
        _ = try await query(
            "UPDATE braid.express_executions SET worker = NULL WHERE execution_id = $1 AND worker = $2",
            [.uuid(id.value), .int8(worker.rawValue)]
        )
    }

    /// Forgets executions that have ended.
    package func forgetExpress(_ ids: [ExecutionID]) async throws(StoreError) {
        _ = try await query(
            "DELETE FROM braid.express_executions WHERE execution_id = ANY($1)",
            [.uuidArray(ids.map(\.value))]
        )
    }
}

extension Store {
    /// How many asynchronous executions of Express machines run now, or wait for somebody to run them.
    package func countExpress() async throws(StoreError) -> Int {
        let rows = try await query("SELECT count(*)::int8 FROM braid.express_executions")
        return try decode(rows) { row throws(PostgresError) -> Int in try row[0] }.first ?? 0
    }
}
