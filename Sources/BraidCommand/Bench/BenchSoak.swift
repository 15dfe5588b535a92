import Engine
import Foundation
import Postgres
import Store

/// `braid bench soak`: what a process that does everything has in memory while chains are started over HTTP for a long time.
struct BenchSoak {
    private let options: BenchOptions
    private let output: Output
    private let run: BenchRun

    init(_ options: BenchOptions, _ connection: ConnectionSettings, _ output: Output) async throws {
        self.options = options
        self.output = output
        run = try await BenchRun(options, connection)
    }

    /// Returns how many executions ran, and megabytes: after a tenth of the time, by when every cache is warm, at the end, and
    /// at most; each the mean of a twentieth of the time, since allocators give back in steps.
    func measure() async throws -> [(name: String, value: Double)] {
        let child = try BenchChild(parts: "service,worker,scheduler", url: run.connection.url)
        defer { child.end() }
        let machine = try await run.withStore { try await run.makeMachine($0) }
        let arn = ARNs().stateMachine(machine.name).description
        let round = options.executions ?? 1_000
        let begin = ContinuousClock.now
        var executions = 0
        var samples: [[Double]] = Array(repeating: [], count: 20)
        while true {
            _ = try await run.load(round, child.port, arn)
            try await run.wait(for: machine)
            executions += round
            let megabytes = Double(ProcessorTime.memory(of: child.processID)) / 1e6
            let share = (ContinuousClock.now - begin) / .seconds(1) / Double(options.seconds)
            let place = min(19, Int(share * 20))
            if samples[place].isEmpty { output.note("\(executions) executions: \(BenchResult.text(megabytes)) MB") }
            samples[place].append(megabytes)
            if share >= 1 { break }
        }
        // A round may take longer than a twentieth of a short soak.
        let means = samples.filter { !$0.isEmpty }.map { $0.reduce(0, +) / Double($0.count) }
        let warm = means[min(2, means.count - 1)]
        let last = means[means.count - 1]
        return [
            ("seconds", (ContinuousClock.now - begin) / .seconds(1)), ("executions", Double(executions)),
            ("memory_warm_mb", warm), ("memory_end_mb", last), ("memory_most_mb", means.max() ?? last),
            ("growth", last / warm),
        ]
    }
}
