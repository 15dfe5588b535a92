import Interpreter
import JSON
import Postgres
import StatesLanguage
import Store

/// Rows for tests of what is read: put there directly, not by the engine.
extension Store {
    func makeMachine(_ name: String, type: StateMachineType = .standard) async throws -> StateMachineRecord {
        let content = RevisionContent(definition: "{}", roleARN: "arn:aws:iam::1:role/r")
        guard let machine = try await createStateMachine(named: name, type: type, content: content) else {
            throw StoreError.unexpected("the name is taken")
        }
        return machine
    }

    /// Puts an execution there whose id says that it was started that many milliseconds after 2023-11-14T22:13:20Z.
    @discardableResult
    func putExecution(
        of machine: StateMachineRecord,
        at milliseconds: Int64,
        status: ExecutionStatus = .succeeded,
        name: String? = nil
    ) async throws -> ExecutionID {
        var generator = SystemRandomNumberGenerator()
        let start = 1_700_000_000_000 + milliseconds
        let id = ExecutionID(at: start, using: &generator)
        _ = try await pool.query(
            """
            INSERT INTO braid.executions (
                execution_id, state_machine_id, revision_id, started_at, stopped_at, status, name, input, output
            ) VALUES ($1, $2, $3, $4, $5, $6, $7, '{"a": 1}', '[1,  2]')
            """,
            [
                .uuid(id.value), .int8(machine.id.rawValue), .int8(machine.revisionID.rawValue),
                .timestamp(start * 1000),
                status == .running ? .null : .timestamp(start * 1000 + 5), .text(status.rawValue),
                .optional(name, PostgresValue.text),
            ]
        )
        if let name {
            _ = try await pool.query(
                "INSERT INTO braid.execution_names (state_machine_id, name, execution_id) VALUES ($1, $2, $3)",
                [.int8(machine.id.rawValue), .text(name), .uuid(id.value)]
            )
        }
        return id
    }

    func end(_ id: ExecutionID) async throws {
        _ = try await pool.query(
            "UPDATE braid.executions SET status = 'SUCCEEDED', stopped_at = braid.now() WHERE execution_id = $1",
            [.uuid(id.value)]
        )
    }

    /// Puts a row of history there, and its last id where commits keep it.
    func put(_ row: HistoryRow) async throws {
        _ = try await pool.query(
            """
            INSERT INTO braid.branches (execution_id, branch_id, kind, state, input, last_event_id)
            VALUES ($1, 0, 'root', 'S', '{}', $2)
            ON CONFLICT (execution_id, branch_id) DO UPDATE SET last_event_id = $2
            """,
            [.uuid(row.key.execution.value), .int4(Int32(row.firstEventID + row.eventCount - 1))]
        )
        _ = try await pool.query(
            """
            INSERT INTO braid.history (
                execution_id, first_event_id, event_count, previous_event_id, branch_id, at, state, events, payloads
            ) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
            """,
            [
                .uuid(row.key.execution.value), .int4(Int32(row.firstEventID)), .int4(Int32(row.eventCount)),
                .int4(Int32(row.previousEventID)), .int4(Int32(row.key.branch)), .timestamp(row.at.microseconds),
                .text(row.state), .text(row.events), .text(row.payloads),
            ]
        )
    }
}
