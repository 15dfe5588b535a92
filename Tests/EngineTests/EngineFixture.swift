import Engine
import Foundation
import Interpreter
import JSON
import Lifecycle
import Postgres
import StatesLanguage
import Store
import Synchronization
import Telemetry
import TestSupport
import Testing

/// An engine on the test's database, with a worker whose functions are closures by name.
struct EngineFixture: Sendable {
    let engine: Engine
    let store: Store
    let scheduler: Scheduler

    typealias Function = @Sendable (JSONValue) async throws(FunctionFailure) -> JSONValue

    struct FunctionFailure: Error {
        var error: String
        var cause = ""
    }

    /// Makes it on the test's database; run it with ``run(_:)``.
    static func make(
        _ functions: [String: Function],
        places: [String: Int] = [:],
        settings: EngineSettings = EngineSettings(),
        database: TestDatabase = .current
    ) async throws -> EngineFixture {
        let pool = Pool(database.connectionSettings.with { $0.session = Store.session }, limit: 8)
        let store = Store(pool: pool)
        let now = try await store.surveyLanes().now
        let engine = Engine(
            store: store,
            connection: database.connectionSettings,
            settings: settings,
            driver: driver(functions, places: places),
            clock: DatabaseClock(now),
            logger: Logger(label: "engine")
        )
        let scheduler = Scheduler(
            engine: engine,
            connection: database.connectionSettings,
            logger: Logger(label: "scheduler")
        )
        return EngineFixture(engine: engine, store: store, scheduler: scheduler)
    }

    static func arn(_ function: String) -> String { "arn:aws:lambda:us-east-1:123456789012:function:\(function)" }

    private static func driver(_ functions: [String: Function], places: [String: Int]) -> TaskDriver {
        let lanes = Dictionary(uniqueKeysWithValues: functions.map { (arn($0.key), $0.value) })
        let limits = Dictionary(uniqueKeysWithValues: places.map { (arn($0.key), $0.value) })
        return TaskDriver(
            lanes: { Array(lanes.keys) },
            serves: { lanes[$0] != nil },
            places: { limits[$0] },
            perform: { attempt in
                guard let function = lanes[attempt.request.resource.lane] else {
                    return .failed(Failure(error: "Lambda.ResourceNotFoundException", cause: "Function not found"))
                }
                do throws(FunctionFailure) {
                    return .succeeded(JSONText(try await function(attempt.request.input.value)))
                } catch {
                    return .failed(Failure(error: error.error, cause: error.cause))
                }
            }
        )
    }

    /// Runs the engine and its scheduler while the body works, then stops them in order.
    func run(_ body: (EngineFixture) async throws -> Void) async throws {
        let group = PartGroup([
            Part("engine", engine, ready: { try await engine.ready() }), Part("scheduler", scheduler),
        ])
        let running = Task { try await group.run() }
        do {
            try await group.ready()
            try await body(self)
        } catch {
            group.stop()
            try? await running.value
            throw error
        }
        group.stop()
        try await running.value
    }

    /// Creates a machine and starts an execution of it.
    func start(_ definition: String, input: String = "{}", named name: String? = nil) async throws -> ExecutionID {
        let machine = try await machine(definition)
        return try await start(machine, input: input, named: name)
    }

    func machine(_ definition: String) async throws -> StateMachineRecord {
        let content = RevisionContent(definition: definition, roleARN: "arn:aws:iam::123456789012:role/r")
        let name = "m-\(UUID().uuidString)"
        guard let machine = try await store.createStateMachine(named: name, type: .standard, content: content) else {
            throw FunctionFailure(error: "no machine")
        }
        return machine
    }

    func start(
        _ machine: StateMachineRecord,
        input: String = "{}",
        named name: String? = nil
    ) async throws -> ExecutionID {
        let request = StartRequest(machine: machine, name: name, input: try JSONText(validating: input))
        guard case .started(let id, _) = try await engine.startExecution(request) else {
            throw FunctionFailure(error: "not started")
        }
        return id
    }

    /// What an execution ended with, once it has.
    struct End: Sendable, Equatable {
        var status: String
        var output: String?
        var error: String?
        var cause: String?
    }

    /// The one map run of an execution.
    func onlyMapRun(of id: ExecutionID) async throws -> MapRunRecord {
        let runs = try await store.listMapRuns(of: id, after: nil, limit: 10)
        try #require(runs.count == 1, "\(runs)")
        return runs[0]
    }

    /// The last map run of an execution, once something holds for it.
    func mapRun(of id: ExecutionID, once holds: (MapRunRecord) -> Bool) async throws -> MapRunRecord {
        var run: MapRunRecord?
        try await waitUntil(within: .seconds(60)) {
            run = try await store.listMapRuns(of: id, after: nil, limit: 1).first
            return run.map(holds) ?? false
        }
        return try #require(run)
    }

    /// Waits for an execution's end, for a minute unless told otherwise.
    func end(of id: ExecutionID, within time: Duration = .seconds(60)) async throws -> End {
        let deadline = ContinuousClock.now + time
        while true {
            let rows = try await store.pool.query(
                "SELECT status, output, error, cause FROM braid.executions WHERE execution_id = $1",
                [.uuid(id.value)]
            )
            for row in rows {
                let status: String = try row[0]
                if status != "RUNNING" {
                    return End(status: status, output: try row[1], error: try row[2], cause: try row[3])
                }
            }
            if ContinuousClock.now > deadline { throw FunctionFailure(error: "still running after \(time)") }
            try await Task.sleep(for: .milliseconds(5))
        }
    }

    /// Redrives an execution, which must be possible.
    func redrive(_ id: ExecutionID, revision: RevisionID? = nil) async throws {
        let rows = try await store.pool.query(
            """
            SELECT m.name FROM braid.state_machines AS m JOIN braid.executions USING (state_machine_id)
            WHERE execution_id = $1
            """,
            [.uuid(id.value)]
        )
        guard let row = rows.first,
            let record = try await store.findExecution(named: id.description, ofMachineNamed: try row[0])
        else { throw FunctionFailure(error: "there is no execution \(id)") }
        let outcome = try await engine.redriveExecution(record, clientToken: nil, revision: revision)
        guard case .redriven = outcome else { throw FunctionFailure(error: "\(outcome)") }
    }
}
