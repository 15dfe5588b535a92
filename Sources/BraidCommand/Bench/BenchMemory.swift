import Engine
import Glibc
import JSON
import Lifecycle
import Postgres
import StatesLanguage
import Store

/// `braid bench memory`: what waiting costs, of a service with many polls and of a worker with many branches.
struct BenchMemory {
    private let options: BenchOptions
    private let run: BenchRun

    init(_ options: BenchOptions, _ connection: ConnectionSettings) async throws {
        self.options = options
        run = try await BenchRun(options, connection)
    }

    /// Returns megabytes of an idle service, of one with so many polls of an activity, and of a worker that holds so many
    /// branches with inputs of 1 KB.
    func measure() async throws -> [(name: String, value: Double)] {
        DescriptorLimit.raise()
        let service = try BenchChild(parts: "service", url: run.connection.url)
        defer { service.end() }
        let idle = megabytes(service)
        let connection = try KeptConnection(port: service.port)
        let made = try connection.call("CreateActivity", #"{"name":"bench-\#(getpid())"}"#)
        let arn = try JSONValue(parsing: made.text).object?["activityArn"]?.string ?? ""
        var polls: [KeptConnection] = []
        for _ in 0..<options.polls {
            let poll = try KeptConnection(port: service.port)
            try poll.begin("GetActivityTask", #"{"activityArn":"\#(arn)"}"#)
            polls.append(poll)
        }
        // It answers this one after it has read all the others.
        _ = try connection.call("DescribeActivity", #"{"activityArn":"\#(arn)"}"#)
        try await Task.sleep(for: .seconds(2))
        let polled = megabytes(service)
        polls = []
        let held = try await held()
        return [
            ("polls", Double(options.polls)), ("service_idle_mb", idle), ("service_polled_mb", polled),
            ("branches", held.branches), ("worker_mb", held.megabytes),
        ]
    }

    private func held() async throws -> (branches: Double, megabytes: Double) {
        let worker = try BenchChild(parts: "worker", url: run.connection.url, capacity: options.polls + 1_000)
        defer { worker.kill() }
        var options = options
        options.bytes = 1_000
        let starter = BenchRun(options: options, connection: run.connection, setup: run.setup)
        return try await starter.withEngine(works: false) { engine in
            let definition =
                #"{"StartAt":"T","States":{"T":{"Type":"Task","Resource":"\#(BenchProcess.held)","End":true}}}"#
            let machine = try await starter.makeMachine(engine.store, definition: definition)
            try await starter.startAll(options.polls, machine, engine)
            var held = 0
            let deadline = ContinuousClock.now + .seconds(60)
            while held < options.polls, ContinuousClock.now < deadline {
                held = try await Store.heldCount(of: machine.id, on: run.setup)
                try await Task.sleep(for: .milliseconds(100))
            }
            try await Task.sleep(for: .seconds(1))
            return (Double(held), megabytes(worker))
        }
    }

    private func megabytes(_ child: BenchChild) -> Double { Double(ProcessorTime.memory(of: child.processID)) / 1e6 }
}
