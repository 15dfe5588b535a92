import Postgres

/// What spans say of an execution.
package struct ExecutionIdentity: Sendable {
    package var id: ExecutionID
    /// The name that it was given, or its id.
    package var name: String
    /// Its machine's name; of a child of a map run with the run's label behind it.
    package var machineName: String
    package var traceHeader: String?
}

extension Store {
    /// Reads what executions are called, and the trace that they were given.
    package func identities(of ids: [ExecutionID]) async throws(StoreError) -> [ExecutionIdentity] {
        let rows = try await query(
            """
            SELECT e.execution_id, coalesce(e.name, e.execution_id::text),
                m.name || coalesce('/' || (SELECT l.label FROM braid.map_runs AS l WHERE l.map_run_id = e.map_run_id), ''),
                e.trace_header
            FROM braid.executions AS e JOIN braid.state_machines AS m USING (state_machine_id)
            WHERE e.execution_id = ANY($1)
            """,
            [.uuidArray(ids.map(\.value))]
        )
        return try decode(rows) { row throws(PostgresError) in
            ExecutionIdentity(
                id: ExecutionID(try row[0]),
                name: try row[1],
                machineName: try row[2],
                traceHeader: try row[3]
            )
        }
    }
}
