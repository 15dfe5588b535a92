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

    /// What was seen once a round had ended and nothing ran.
    private struct Sample {
        var executions: Double
        /// From 0 to 1, how much of the time had passed.
        var share: Double
        /// What the process has of the machine's memory, and what of its heap is in use; bytes.
        var resident: Double
        var heap: Double
    }

    /// Returns how many executions ran; megabytes of memory after a tenth of the time, by when every cache is warm, at the
    /// end, and at most; the same of the heap that is in use; and by how many bytes that grew for each execution of the
    /// second half, by least squares: the smallest thing that could be left behind takes 32.
    func measure() async throws -> [(name: String, value: Double)] {
        let child = try BenchChild(parts: "service,worker,scheduler", url: run.connection.url)
        defer { child.end() }
        let machine = try await run.withStore { try await run.makeMachine($0) }
        let arn = ARNs().stateMachine(machine.name).description
        let round = options.executions ?? 1_000
        let begin = ContinuousClock.now
        var samples: [Sample] = []
        while true {
            _ = try await run.load(round, child.port, arn)
            try await run.wait(for: machine)
            let sample = Sample(
                executions: Double(round * (samples.count + 1)),
                share: (ContinuousClock.now - begin) / .seconds(1) / Double(options.seconds),
                resident: Double(ProcessorTime.memory(of: child.processID)),
                heap: Double(child.heap())
            )
            if samples.isEmpty || Int(sample.share * 20) > Int(samples[samples.count - 1].share * 20) {
                let megabytes = [sample.resident, sample.heap].map { BenchResult.text($0 / 1e6) }
                output.note("\(Int(sample.executions)) executions: \(megabytes[0]) MB, \(megabytes[1]) MB of heap")
            }
            samples.append(sample)
            if sample.share >= 1 { break }
        }
        // The mean of a twentieth of the time each, since allocators give back in steps; a round of a short soak takes longer.
        let parts = Dictionary(grouping: samples) { min(19, Int($0.share * 20)) }.sorted { $0.key < $1.key }.map(
            \.value
        )
        let warm = parts[min(2, parts.count - 1)]
        let last = parts[parts.count - 1]
        func megabytes(_ part: [Sample], _ figure: KeyPath<Sample, Double>) -> Double { Self.mean(part, figure) / 1e6 }
        return [
            ("seconds", (ContinuousClock.now - begin) / .seconds(1)),
            ("executions", Double(round * samples.count)),
            ("memory_warm_mb", megabytes(warm, \.resident)), ("memory_end_mb", megabytes(last, \.resident)),
            ("memory_most_mb", parts.map { megabytes($0, \.resident) }.max() ?? 0),
            ("growth", Self.mean(last, \.resident) / Self.mean(warm, \.resident)),
            ("heap_warm_mb", megabytes(warm, \.heap)), ("heap_end_mb", megabytes(last, \.heap)),
            ("heap_bytes_per_execution", Self.slope(samples.filter { $0.share >= 0.5 })),
        ]
    }

    private static func mean(_ samples: [Sample], _ figure: KeyPath<Sample, Double>) -> Double {
        samples.map { $0[keyPath: figure] }.reduce(0, +) / Double(max(1, samples.count))
    }

    /// By how many bytes of heap in use samples grow for each execution.
    private static func slope(_ samples: [Sample]) -> Double {
        let executions = mean(samples, \.executions)
        let heap = mean(samples, \.heap)
        let squares = samples.map { ($0.executions - executions) * ($0.executions - executions) }.reduce(0, +)
        guard squares > 0 else { return 0 }
        return samples.map { ($0.executions - executions) * ($0.heap - heap) }.reduce(0, +) / squares
    }
}
