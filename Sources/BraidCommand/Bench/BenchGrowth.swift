import Foundation
import JSON
import Postgres
import Store

/// `braid bench growth`: the same chain again and again while the database grows old.
///
/// A machine is faster in some minutes than in others, so every round stands between two of the same chain on an empty
/// database of the same server: what differs between neighbours is what the database has in it.
struct BenchGrowth {
    /// One chain: its rate, and what a transition cost.
    struct Sample {
        var perSecond: Double
        /// Processor time of all processes, and PostgreSQL's part of it.
        var microseconds: Double
        var postgresMicroseconds: Double

        init(_ measure: BenchMeasure) {
            let count = Double(max(1, measure.count))
            let postgres = measure.processors.postgres ?? 0
            perSecond = measure.perSecond
            microseconds = 1_000_000 * (measure.processors.braid + postgres) / count
            postgresMicroseconds = 1_000_000 * postgres / count
        }
    }

    struct Round {
        var name: String
        var aged: Sample
        /// The empty database's, before and after.
        var empty: [Sample]

        /// 0 where the empty database's figure is too small to be measured.
        func ratio(_ figure: KeyPath<Sample, Double>) -> Double {
            let empty = mean(figure)
            return empty > 0 ? aged[keyPath: figure] / empty : 0
        }

        func mean(_ figure: KeyPath<Sample, Double>) -> Double {
            empty.map { $0[keyPath: figure] }.reduce(0, +) / Double(max(1, empty.count))
        }
    }

    private let run: BenchRun
    private let control: BenchRun
    private let options: BenchOptions
    private let output: Output
    private(set) var rounds: [Round] = []
    /// What the empty database did last, if nothing but a round came since.
    private var last: Sample?

    private init(_ options: BenchOptions, _ run: BenchRun, _ control: BenchRun, _ output: Output) {
        self.options = options
        self.output = output
        self.run = run
        self.control = control
    }

    /// Measures all rounds on a database, beside one that is made on the same server and removed afterwards.
    static func measure(
        _ options: BenchOptions,
        _ connection: ConnectionSettings,
        _ output: Output
    ) async throws -> Self {
        let run = try await BenchRun(options, connection)
        let name = "braid_bench_\(UUID().uuidString.lowercased().prefix(8))"
        try await Store.createDatabase(name, on: run.setup)
        let result: Result<Self, any Error>
        do {
            let control = try await BenchRun(options, connection.with { $0.database = name })
            var growth = Self(options, run, control, output)
            let measuring: Result<Void, any Error>
            do { measuring = .success(try await growth.measureAll()) } catch { measuring = .failure(error) }
            await control.setup.close()
            result = measuring.map { growth }
        } catch {
            result = .failure(error)
        }
        try await Store.dropDatabase(name, on: run.setup)
        await run.setup.close()
        return try result.get()
    }

    private mutating func measureAll() async throws {
        try await rounds("empty")
        let history = options.history
        let finished = try await run.chainOnce()
        try await fill(finished.id, max(1, history / (options.tasks + 1)))
        try await rounds("with \(history) history rows")
        try await fill(run.sleeper().id, options.sleepers)
        try await rounds("with \(options.sleepers) sleeping branches too")
        try await rounds("a definition of 500 states", BenchScenario.chain(options.tasks + 1, states: 500))
        let holder = try await Store.holdSnapshot(run.connection)
        let end = ContinuousClock.now + .seconds(options.seconds)
        repeat { try await round("a snapshot held open") } while ContinuousClock.now < end
        await holder.close()
    }

    /// Copies a machine's newest execution so often, and leaves nothing of that to be written while a round goes on.
    private mutating func fill(_ machine: StateMachineID, _ times: Int) async throws {
        try await Store.copyNewest(of: machine, times: times, on: run.setup)
        try await Store.checkpoint(on: run.setup)
        last = nil
    }

    /// Several rounds, as one says little: neighbours differ by a tenth although they do the same.
    private mutating func rounds(_ name: String, _ definition: String? = nil) async throws {
        for _ in 0..<5 { try await round(name, definition) }
    }

    private mutating func round(_ name: String, _ definition: String? = nil) async throws {
        let before = if let last { last } else { try await measureEmpty() }
        let aged = Sample(try await run.measureHere(definition: definition))
        let after = try await measureEmpty()
        last = after
        rounds.append(Round(name: name, aged: aged, empty: [before, after]))
        output.note("\(name): \(BenchResult.text(aged.perSecond)) transitions/s")
    }

    private func measureEmpty() async throws -> Sample {
        try await Store.forgetExecutions(on: control.setup)
        return Sample(try await control.measureHere(definition: nil))
    }

    var json: JSONValue {
        let list = rounds.map { round -> JSONValue in
            [
                "round": .string(round.name), "per_second": number(round.aged.perSecond),
                "empty_per_second": number(round.mean(\.perSecond)), "ratio_to_empty": number(round.ratio(\.perSecond)),
                "cpu_us": number(round.aged.microseconds), "cpu_to_empty": number(round.ratio(\.microseconds)),
                "cpu_postgres_us": number(round.aged.postgresMicroseconds),
                "empty_cpu_postgres_us": number(round.mean(\.postgresMicroseconds)),
            ]
        }
        return ["scenario": "growth", "rounds": .array(list)]
    }

    private func number(_ value: Double) -> JSONValue { .number(JSONNumber(BenchResult.rounded(value))) }

    var lines: [String] {
        rounds.map { round in
            "\(round.name): \(BenchResult.text(round.aged.perSecond)) transitions/s,"
                + " \(BenchResult.text(round.ratio(\.perSecond))) of the empty database's beside it;"
                + " \(BenchResult.text(round.aged.microseconds)) us a transition,"
                + " \(BenchResult.text(round.ratio(\.microseconds))) of the empty one's"
        }
    }
}
