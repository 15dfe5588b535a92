import Engine
import HTTPServer
import JSON
import Postgres
import StatesLanguage
import Store
import TestSupport

@testable import API

/// Speaks to a router in process, over the test's database.
///
/// In the engine's place it has a start that only writes the execution's row and its first event, and a stop that only ends
/// the row: what is tested is what clients see of them.
struct Client: Sendable {
    let store: Store
    let router: Router

    init() {
        let store = Store(pool: TestDatabase.current.pool())
        self.store = store
        let service = Service(
            store: store,
            arns: ARNs(),
            start: { request throws(StoreError) in try await store.start(request) },
            stop: { id, error, cause throws(StoreError) in try await store.stop(id, error, cause) },
            trial: Trial { Timestamp(microseconds: 1_700_000_100_000_000) }
        )
        router = Router(service: service, bodyLimit: 1 << 20)
    }

    /// Calls an action.
    ///
    /// - Returns: The answer's members, or the error's name and message.
    func call(_ action: String, _ members: JSONObject = [:]) async throws -> Answer {
        let response = await router.respond(to: Requests.post(action, JSONValue.object(members).text))
        guard case .bytes(let body) = response.body else { return Answer(status: 0, members: [:]) }
        return Answer(status: response.status, members: try JSONValue(parsing: body).object ?? [:])
    }

    @discardableResult
    func createMachine(_ name: String = "Orders", _ changes: JSONObject = [:]) async throws -> Answer {
        var members: JSONObject = [
            "name": .string(name), "definition": .string(Requests.definition), "roleArn": "arn:aws:iam::1:role/r",
        ]
        for (name, value) in changes { members[name] = value }
        return try await call("CreateStateMachine", members)
    }

    /// What came back.
    struct Answer {
        let status: Int
        let members: JSONObject

        subscript(name: String) -> JSONValue? { members[name] }

        /// The error's name without its namespace; `nil` for a success.
        var error: String? { members["__type"]?.string?.split(separator: "#").last.map { String($0) } }
        var message: String? { members["message"]?.string }
    }
}

extension Store {
    fileprivate func start(_ request: StartRequest) async throws(StoreError) -> StartOutcome {
        if let name = request.name,
            let taken = try await findExecution(named: name, ofMachineNamed: request.machine.name)
        {
            let isSame = taken.status == .running && taken.input == request.input
            return isSame ? .sameRunning(taken.id, startedAt: taken.summary.startedAt) : .nameTaken(taken.id)
        }
        var generator = SystemRandomNumberGenerator()
        let id = ExecutionID(at: 1_700_000_000_000, using: &generator)
        return try await perform { pool throws(PostgresError) in
            _ = try await pool.query(
                """
                WITH named AS (
                    INSERT INTO braid.execution_names SELECT $2, $4::text, $1 WHERE $4::text IS NOT NULL
                ), root AS (
                    INSERT INTO braid.branches (execution_id, branch_id, kind, state, input, last_event_id)
                    VALUES ($1, 0, 'root', 'A', '{}', 1)
                ), told AS (
                    INSERT INTO braid.history
                    VALUES ($1, 1, 1, 0, 0, braid.now(), 'A', NULL, '[[13,0,{"input":1,"roleArn":"r"}]]', $5)
                )
                INSERT INTO braid.executions (
                    execution_id, state_machine_id, revision_id, name, input, trace_header, started_at, version, alias
                ) VALUES ($1, $2, $3, $4::text, $5, $6, to_timestamp(1700000000.25), $7::int4, $8::text)
                """,
                [
                    .uuid(id.value), .int8(request.machine.id.rawValue), .int8(request.machine.revisionID.rawValue),
                    .optional(request.name, PostgresValue.text), .text(request.input.text),
                    .optional(request.traceHeader, PostgresValue.text),
                    .optional(request.version) { .int4(Int32(clamping: $0)) },
                    .optional(request.alias, PostgresValue.text),
                ]
            )
            return .started(id, at: Timestamp(microseconds: 1_700_000_000_250_000))
        }
    }

    fileprivate func stop(
        _ id: ExecutionID,
        _ error: String?,
        _ cause: String?
    ) async throws(StoreError) -> StopOutcome {
        try await perform { pool throws(PostgresError) in
            let rows = try await pool.query(
                """
                UPDATE braid.executions SET status = 'ABORTED', error = $2, cause = $3,
                    stopped_at = to_timestamp(1700000001.5)
                WHERE execution_id = $1 AND status = 'RUNNING'
                """,
                [.uuid(id.value), .optional(error, PostgresValue.text), .optional(cause, PostgresValue.text)]
            )
            let time = Timestamp(microseconds: 1_700_000_001_500_000)
            return rows.affected == 1 ? .stopped(at: time) : .alreadyStopped(at: time)
        }
    }

    private func perform<Value>(
        _ body: (Pool) async throws(PostgresError) -> Value
    ) async throws(StoreError) -> Value {
        do { return try await body(pool) } catch { throw StoreError(error) }
    }
}
