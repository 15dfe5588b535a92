import Cluster
import Engine
import Foundation
import Interpreter
import JSON
import Lifecycle
import Postgres
import StatesLanguage
import Store
import Telemetry

/// Runs one scenario and measures it.
enum Bench {
    static func run(_ scenario: BenchScenario, database url: String?, output: Output) async throws -> BenchResult {
        if let url { return try await measure(scenario, on: ConnectionSettings(url)) }
        let folder = FileManager.default.temporaryDirectory.appending(path: "braid-bench-\(UUID().uuidString)").path
        var settings = ClusterSettings(folder: folder)
        settings.isThrowAway = true
        let cluster = Cluster(settings)
        output.note("Starting a PostgreSQL of its own, with fsync and synchronous_commit on.")
        try await cluster.start()
        let result: Result<BenchResult, any Error>
        do {
            result = .success(try await measure(scenario, on: await cluster.connectionSettings))
        } catch {
            result = .failure(error)
        }
        try? await cluster.shutDown(.fast)
        try? FileManager.default.removeItem(atPath: folder)
        return try result.get()
    }

    private static func measure(
        _ scenario: BenchScenario,
        on connection: ConnectionSettings
    ) async throws -> BenchResult {
        let setup = try await Connection.connect(to: connection)
        try await Migrator().migrate(setup)
        let before = try await BareLimit.measure(connection)
        let store = Store(pool: Pool(connection.with { $0.session = Store.session }, limit: 8))
        var engineSettings = EngineSettings()
        // An array of many items is larger than AWS lets a payload be.
        engineSettings.limits.maxPayloadBytes = 16_777_216
        let engine = Engine(
            store: store,
            connection: connection,
            settings: engineSettings,
            driver: TaskDriver(
                lanes: { [BenchScenario.resource] },
                serves: { $0 == BenchScenario.resource },
                perform: { .succeeded($0.request.input) }
            ),
            clock: DatabaseClock(try await store.surveyLanes().now),
            logger: Logger(label: "bench", level: .warning)
        )
        let group = PartGroup([Part("engine", engine, ready: { try await engine.ready() })])
        let running = Task { try await group.run() }
        try await group.ready()
        let content = RevisionContent(definition: scenario.definition, roleARN: "arn:aws:iam::123456789012:role/bench")
        let name = "bench-\(UUID().uuidString)"
        guard let machine = try await store.createStateMachine(named: name, type: .standard, content: content) else {
            throw CommandFailure(.failure, "the bench's state machine could not be made")
        }
        let start = try await Reading.take(setup, machine.id)
        let counts = engine.queue.counts.now
        let began = ContinuousClock.now
        try await startAll(scenario, machine, engine)
        while try await Reading.running(setup, machine.id) { try await Task.sleep(for: .milliseconds(10)) }
        let seconds = (ContinuousClock.now - began) / .seconds(1)
        let spent = engine.queue.counts.now
        let end = try await Reading.take(setup, machine.id)
        let latencies = try await Reading.latencies(setup, machine.id)
        group.stop()
        try await running.value
        let after = try await BareLimit.measure(connection)
        let serverSettings = try await Reading.settings(setup)
        await setup.close()
        return BenchResult(
            scenario: scenario.name,
            seconds: seconds,
            executions: scenario.executions,
            transitions: end.transitions - start.transitions,
            limitPerSecond: (before + after) / 2,
            latencies: latencies,
            commits: spent.commits - counts.commits,
            submissions: spent.submissions - counts.submissions,
            roundTrips: spent.roundTrips - counts.roundTrips,
            walBytes: end.wal - start.wal,
            serverSettings: serverSettings
        )
    }

    private static func startAll(
        _ scenario: BenchScenario,
        _ machine: StateMachineRecord,
        _ engine: Engine
    ) async throws {
        let input = scenario.input
        try await withThrowingTaskGroup(of: Void.self) { group in
            let starters = min(64, scenario.executions)
            for starter in 0..<starters {
                let count = scenario.executions / starters + (starter < scenario.executions % starters ? 1 : 0)
                group.addTask {
                    for _ in 0..<count {
                        _ = try await engine.startExecution(StartRequest(machine: machine, name: nil, input: input))
                    }
                }
            }
            try await group.waitForAll()
        }
    }
}

/// What the database tells of a run.
private enum Reading {
    static func take(_ connection: Connection, _ machine: StateMachineID) async throws -> (transitions: Int, wal: Int) {
        let rows = try await connection.query(
            """
            SELECT (SELECT count(*) FROM braid.history)::int8, pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0')::int8
            """
        )
        guard let row = rows.first else { return (0, 0) }
        return (try row[0], try row[1])
    }

    static func running(_ connection: Connection, _ machine: StateMachineID) async throws -> Bool {
        let rows = try await connection.query(
            "SELECT EXISTS (SELECT FROM braid.executions WHERE state_machine_id = $1 AND status = 'RUNNING')",
            [.int8(machine.rawValue)]
        )
        return try rows.first.map { try $0[0] } ?? false
    }

    static func latencies(
        _ connection: Connection,
        _ machine: StateMachineID
    ) async throws -> (p50: Double, p95: Double, p99: Double) {
        let rows = try await connection.query(
            """
            SELECT percentile_cont(ARRAY[0.5, 0.95, 0.99]) WITHIN GROUP (
                ORDER BY 1000 * extract(epoch FROM stopped_at - started_at)::float8)
            FROM braid.executions WHERE state_machine_id = $1 AND status = 'SUCCEEDED'
            """,
            [.int8(machine.rawValue)]
        )
        let values: [Double] = try rows.first.map { try $0[0] } ?? []
        guard values.count == 3 else { throw CommandFailure(.failure, "no execution of the bench succeeded") }
        return (values[0], values[1], values[2])
    }

    static func settings(_ connection: Connection) async throws -> [(String, String)] {
        let rows = try await connection.query(
            """
            SELECT name, setting FROM pg_settings
            WHERE name IN ('fsync', 'synchronous_commit', 'full_page_writes', 'server_version') ORDER BY name
            """
        )
        return try rows.map { (try $0[0], try $0[1]) }
    }
}
