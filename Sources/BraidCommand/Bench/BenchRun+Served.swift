import Engine
import Foundation
import JSON
import Postgres
import StatesLanguage
import Store

extension BenchRun {
    /// Measures a scenario over HTTP: a service in a process of its own, which also works unless workers do.
    func measureServed() async throws -> BenchMeasure {
        let start = try await Store.benchReading(on: setup)
        var children: [BenchChild] = []
        defer { for child in children { child.end() } }
        let functions = options.scenario == .functions ? try functionsFile() : nil
        defer { if let functions { try? FileManager.default.removeItem(atPath: functions) } }
        let parts = options.workers == 0 ? "service,worker,scheduler" : "service"
        children.append(
            try BenchChild(parts: parts, url: connection.url, functions: options.workers == 0 ? functions : nil)
        )
        let port = children[0].port
        for _ in 0..<options.workers {
            children.append(try BenchChild(parts: "worker", url: connection.url, functions: functions))
        }
        let machine = try await withStore { try await makeMachine($0) }
        let arn = ARNs().stateMachine(machine.name).description
        // The first requests read the definition and make connections and processes.
        _ = try await load(max(4, options.connections), port, arn)
        try await wait(for: machine)
        let warmed = try await Store.succeededCount(of: machine.id, on: setup)
        let before = children.reduce(BenchChild.Counts()) { $0 + $1.counts() }
        let count = options.scenario.executions(options)
        var measure = try await around(children.map(\.processID), isLoadApart: true) { measure in
            measure.latencies = try await load(count, port, arn)
            if options.scenario == .functions { try await wait(for: machine) }
        }
        let after = children.reduce(BenchChild.Counts()) { $0 + $1.counts() }
        measure.counts = BenchChild.Counts(
            commits: after.commits - before.commits,
            submissions: after.submissions - before.submissions,
            roundTrips: after.roundTrips - before.roundTrips
        )
        try await wait(for: machine)
        measure.executions = count
        if !options.scenario.isExpress {
            let succeeded = try await Store.succeededCount(of: machine.id, on: setup) - warmed
            guard succeeded == count else { throw CommandFailure(.failure, "\(count - succeeded) did not succeed") }
        }
        measure.more.append(("memory_mb", Double(ProcessorTime.memory(of: children[0].processID)) / 1e6))
        for child in children { child.end() }
        children = []
        measure.reading = try await reading(since: start)
        if options.scenario == .functions {
            measure.count = count * (options.tasks + 1)
            measure.latencies = try await Store.durations(of: machine.id, on: setup)
        } else {
            measure.unit = "executions"
            measure.count = count
        }
        return measure
    }

    /// Asks for so many executions, by as many connections as the scenario has, and tells how long each took.
    func load(_ count: Int, _ port: Int, _ arn: String) async throws -> [Double] {
        let threads = options.scenario == .latency || options.scenario == .parallel ? 1 : options.connections
        let text = JSONValue.string(options.scenario.input(options).text).text
        let body = #"{"stateMachineArn":"\#(arn)","input":\#(text)}"#
        let scenario = options.scenario
        return try await LoadThreads.run(threads) { thread in
            let connection = try KeptConnection(port: port)
            let share = count / threads + (thread < count % threads ? 1 : 0)
            return try (0..<share).map { _ in
                let start = ContinuousClock.now
                switch scenario {
                case .sync: try Self.runSync(body, connection)
                case .latency, .parallel: try Self.runToEnd(body, connection)
                default: _ = try Self.start(body, connection)
                }
                return (ContinuousClock.now - start) / .milliseconds(1)
            }
        }
    }

    private static func start(_ body: String, _ connection: KeptConnection) throws -> String {
        let answer = try connection.call("StartExecution", body)
        guard answer.status == 200, let arn = try JSONValue(parsing: answer.text).object?["executionArn"]?.string else {
            throw CommandFailure(.failure, "StartExecution answered \(answer.status): \(answer.text)")
        }
        return arn
    }

    private static func runToEnd(_ body: String, _ connection: KeptConnection) throws {
        let arn = try start(body, connection)
        let question = #"{"executionArn":"\#(arn)"}"#
        while true {
            let text = try connection.call("DescribeExecution", question).text
            if text.contains(#""SUCCEEDED""#) { return }
            guard text.contains(#""RUNNING""#) else { throw CommandFailure(.failure, "an execution failed: \(text)") }
        }
    }

    private static func runSync(_ body: String, _ connection: KeptConnection) throws {
        let answer = try connection.call("StartSyncExecution", body)
        guard answer.status == 200, answer.text.contains(#""SUCCEEDED""#) else {
            throw CommandFailure(.failure, "StartSyncExecution answered \(answer.status): \(answer.text)")
        }
    }

    /// A functions file with the bench's own no-op function.
    private func functionsFile() throws -> String {
        let program = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath().path
        let document: JSONValue = [
            "functions": [
                "no-op": [
                    "runtime": "command", "command": [.string(program), "bench", "function"],
                    "concurrency": .number(JSONNumber(options.processes)),
                ]
            ]
        ]
        let path = FileManager.default.temporaryDirectory.appending(path: "braid-bench-\(UUID().uuidString).json").path
        try document.text.write(toFile: path, atomically: true, encoding: .utf8)
        return path
    }
}
