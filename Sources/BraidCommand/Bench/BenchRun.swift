import Engine
import Foundation
import Glibc
import JSON
import Lifecycle
import Postgres
import StatesLanguage
import Store
import Telemetry

/// One scenario on one database.
struct BenchRun: Sendable {
    let options: BenchOptions
    let connection: ConnectionSettings
    /// For what is read beside the measurement.
    let setup: Connection

    init(options: BenchOptions, connection: ConnectionSettings, setup: Connection) {
        self.options = options
        self.connection = connection
        self.setup = setup
    }

    init(_ options: BenchOptions, _ connection: ConnectionSettings) async throws {
        self.options = options
        self.connection = connection
        setup = try await Connection.connect(to: connection)
        try await Migrator().migrate(setup)
    }

    /// Measures the bare way to do the same.
    func limit() async throws -> BenchResult.BareLimit {
        let shape: BareSQL.Shape
        let name: String
        switch options.scenario {
        case .chain, .functions, .sleepers, .payload:
            shape = .transitions(bytes: options.bytes)
            name = "bare SQL of the same shape"
        case .map, .mapTasks:
            shape = .fork(children: options.items)
            name = "a bare fork and its ends"
        case .start:
            shape = .starts
            name = "bare inserts of the same rows"
        case .latency:
            shape = .sequence(commits: 2)
            name = "two bare commits one after the other"
        case .parallel:
            shape = .sequence(commits: 3)
            name = "three bare commits one after the other"
        case .sync: return try await answers()
        }
        let outcome = try await BareSQL.measure(shape, connection, for: options.reference)
        return BenchResult.BareLimit(
            perSecond: outcome.perSecond,
            latencies: outcome.latencies,
            walBytesEach: outcome.walBytesEach,
            name: name
        )
    }

    /// What the service answers when there is nothing to do: no SQL is involved in a synchronous Express execution.
    private func answers() async throws -> BenchResult.BareLimit {
        let service = try BenchChild(parts: "service,worker", url: connection.url)
        defer { service.end() }
        let began = ContinuousClock.now
        let latencies = try await LoadThreads.run(options.connections) { [port = service.port, options] _ in
            let connection = try KeptConnection(port: port)
            return try (0..<max(1, 10_000 / options.connections)).map { _ in
                let start = ContinuousClock.now
                _ = try connection.call("ValidateNothing", "{}")
                return (ContinuousClock.now - start) / .milliseconds(1)
            }
        }
        let seconds = (ContinuousClock.now - began) / .seconds(1)
        return BenchResult.BareLimit(
            perSecond: Double(latencies.count) / seconds,
            latencies: latencies,
            name: "refusals of unknown actions"
        )
    }

    func measure() async throws -> BenchMeasure {
        options.scenario.isServed ? try await measureServed() : try await measureHere()
    }

    // MARK: What both ways share

    /// Takes all readings around a piece of work.
    func around(
        _ processes: [Int32],
        isLoadApart: Bool,
        _ work: (inout BenchMeasure) async throws -> Void
    ) async throws -> BenchMeasure {
        var measure = BenchMeasure()
        let session = try await Store.serverProcess(on: setup)
        let wal = try await Store.walPosition(on: setup)
        let start = processors(processes, session, isLoadApart)
        let began = ContinuousClock.now
        try await work(&measure)
        if measure.seconds == 0 { measure.seconds = (ContinuousClock.now - began) / .seconds(1) }
        measure.processors = processors(processes, session, isLoadApart) - start
        measure.walBytes = try await Store.walPosition(on: setup) - wal
        return measure
    }

    private func processors(_ processes: [Int32], _ session: Int, _ isLoadApart: Bool) -> ProcessorTime {
        let own = ProcessorTime.secondsAlone(of: getpid())
        let others = processes.reduce(0) { $0 + ProcessorTime.seconds(of: $1) }
        return ProcessorTime(
            braid: isLoadApart ? others : others + own,
            load: isLoadApart ? own : 0,
            postgres: ProcessorTime.ofServer(session: session)
        )
    }

    /// Makes a machine of the scenario, or with another definition.
    func makeMachine(_ store: Store, definition: String? = nil) async throws -> StateMachineRecord {
        let content = RevisionContent(
            definition: definition ?? options.scenario.definition(options),
            roleARN: "arn:aws:iam::123456789012:role/bench"
        )
        let made = try await store.createStateMachine(
            named: "bench-\(UUID().uuidString)",
            type: options.scenario.isExpress ? .express : .standard,
            content: content
        )
        guard let made else { throw CommandFailure(.failure, "the bench's state machine could not be made") }
        return made
    }

    /// Waits until no execution of a machine runs.
    func wait(for machine: StateMachineRecord) async throws {
        while try await Store.isRunning(machine.id, on: setup) { try await Task.sleep(for: .milliseconds(10)) }
    }

    /// What the server's statistics say that was done; all sessions but the bench's own have ended.
    func reading(since start: BenchReading) async throws -> BenchReading {
        try await Store.benchReading(on: setup) - start
    }

    /// Runs a body with a store of its own, whose sessions end with it.
    func withStore<T>(_ body: (Store) async throws -> T) async throws -> T {
        let pool = Pool(connection.with { $0.session = Store.session }, limit: 4)
        let group = PartGroup([Part("pool", pool)])
        let running = Task { try await group.run() }
        try await group.ready()
        let result: Result<T, any Error>
        do { result = .success(try await body(Store(pool: pool))) } catch { result = .failure(error) }
        group.stop()
        try await running.value
        return try result.get()
    }
}
