import Engine
import Glibc
import Interpreter
import Lifecycle
import Objects
import Postgres
import StatesLanguage
import Store
import Telemetry

extension BenchRun {
    /// Measures a scenario whose executions are started by this process; it also works on them, unless workers do.
    func measureHere() async throws -> BenchMeasure {
        if options.scenario == .sleepers { return try await measureBesideSleepers() }
        return try await measureHere(definition: nil)
    }

    /// The same with a definition of its own.
    func measureHere(definition: String?) async throws -> BenchMeasure {
        let start = try await Store.benchReading(on: setup)
        var workers: [BenchChild] = []
        for _ in 0..<options.workers { workers.append(try BenchChild(parts: "worker", url: connection.url)) }
        defer { for worker in workers { worker.end() } }
        let count = options.scenario.executions(options)
        var measure = try await withEngine(works: workers.isEmpty) { engine in
            let machine = try await makeMachine(engine.store, definition: definition)
            let before = engine.queue.counts.now
            let others = workers.map { $0.counts() }
            let submitted = others.reduce(BenchChild.Counts(), +)
            var measure = try await around(workers.map(\.processID), isLoadApart: !workers.isEmpty) { _ in
                try await startAll(count, machine, engine)
                try await wait(for: machine)
            }
            measure.executions = count
            let spent = engine.queue.counts.now
            let end = workers.map { $0.counts() }
            measure.counts = end.reduce(
                BenchChild.Counts(
                    commits: spent.commits - before.commits - submitted.commits,
                    submissions: spent.submissions - before.submissions - submitted.submissions,
                    roundTrips: spent.roundTrips - before.roundTrips - submitted.roundTrips
                ),
                +
            )
            if workers.count > 1 {
                let shares = zip(end, others).map { Double($0.submissions - $1.submissions) }
                let all = max(1, shares.reduce(0, +))
                measure.more.append(("least_share", (shares.min() ?? 0) / all))
                measure.more.append(("greatest_share", (shares.max() ?? 0) / all))
            }
            measure.more.append(
                ("memory_mb", Double(ProcessorTime.memory(of: workers.first?.processID ?? getpid())) / 1e6)
            )
            measure.latencies = try await Store.durations(of: machine.id, on: setup)
            guard measure.latencies.count == count else {
                throw CommandFailure(.failure, "\(count - measure.latencies.count) executions did not succeed")
            }
            return measure
        }
        for worker in workers { worker.end() }
        workers = []
        measure.reading = try await reading(since: start)
        measure.count = measure.reading.transitions
        return measure
    }

    /// Makes one execution that sleeps, of a machine of its own.
    func sleeper() async throws -> StateMachineRecord {
        let definition =
            #"{"StartAt":"W","States":{"W":{"Type":"Wait","Seconds":9999999,"Next":"P"},"P":{"Type":"Pass","End":true}}}"#
        return try await withEngine(works: true) { engine in
            let machine = try await makeMachine(engine.store, definition: definition)
            try await startAll(1, machine, engine)
            while try await !Store.isSleeping(machine.id, on: setup) { try await Task.sleep(for: .milliseconds(10)) }
            return machine
        }
    }

    /// Runs one execution of a chain to its end, of a machine of its own.
    func chainOnce() async throws -> StateMachineRecord {
        try await withEngine(works: true) { engine in
            let machine = try await makeMachine(engine.store)
            try await startAll(1, machine, engine)
            try await wait(for: machine)
            return machine
        }
    }

    /// A chain beside many sleeping branches; then those wake up.
    private func measureBesideSleepers() async throws -> BenchMeasure {
        let sleeping = try await sleeper()
        let filling = ContinuousClock.now
        try await Store.copyNewest(of: sleeping.id, times: options.sleepers, on: setup)
        let filled = (ContinuousClock.now - filling) / .seconds(1)
        var measure = try await measureHere(definition: nil)
        let asked = min(options.sleepers, 200_000)
        let woken = try await Store.wakeSleepers(of: sleeping.id, asked, on: setup)
        let began = ContinuousClock.now
        try await withEngine(works: true) { _ in
            while try await Store.succeededCount(of: sleeping.id, on: setup) < woken {
                try await Task.sleep(for: .milliseconds(50))
            }
        }
        let seconds = (ContinuousClock.now - began) / .seconds(1)
        measure.more += [
            ("sleepers", Double(options.sleepers)), ("fill_seconds", filled),
            ("wakeups_per_second", Double(woken) / seconds),
        ]
        return measure
    }

    /// Runs a body with an engine, whose sessions end with it.
    func withEngine<T>(
        works: Bool,
        objects: (any ObjectStore)? = nil,
        _ body: (Engine) async throws -> T
    ) async throws -> T {
        let pool = Pool(connection.with { $0.session = Store.session }, limit: 8)
        var settings = EngineSettings()
        // An array of many items is larger than AWS lets a payload be.
        settings.limits.maxPayloadBytes = 16_777_216
        settings.objects = objects
        let store = Store(pool: pool)
        let starting = PartGroup([Part("pool", pool)])
        let pooling = Task { try await starting.run() }
        try await starting.ready()
        let engine = Engine(
            store: store,
            connection: connection,
            settings: settings,
            driver: works ? BenchProcess.noOp : nil,
            clock: DatabaseClock(try await store.surveyLanes().now),
            logger: Logger(label: "bench", level: .warning)
        )
        let group = PartGroup([Part("engine", engine, ready: { try await engine.ready() })])
        let running = Task { try await group.run() }
        try await group.ready()
        let result: Result<T, any Error>
        do { result = .success(try await body(engine)) } catch { result = .failure(error) }
        group.stop()
        try await running.value
        starting.stop()
        try await pooling.value
        return try result.get()
    }

    /// Starts so many executions, as fast as they are accepted.
    func startAll(_ count: Int, _ machine: StateMachineRecord, _ engine: Engine) async throws {
        let input = options.scenario.input(options)
        try await withThrowingTaskGroup(of: Void.self) { group in
            let starters = min(64, count)
            for starter in 0..<starters {
                let share = count / starters + (starter < count % starters ? 1 : 0)
                group.addTask {
                    for _ in 0..<share {
                        _ = try await engine.startExecution(StartRequest(machine: machine, name: nil, input: input))
                    }
                }
            }
            try await group.waitForAll()
        }
    }
}
