import Foundation
import JSON
import Postgres
import Store

/// `braid bench growth`: the same chain again and again while the database grows old.
///
/// Rates differ with what else the machine does; processor time a transition hardly does, so both are told beside those of
/// the empty database.
struct BenchGrowth {
    struct Round {
        var name: String
        var perSecond: Double
        var yardstick: Double
        var processorMicroseconds: Double
        /// PostgreSQL's part of it.
        var postgresMicroseconds: Double

        /// A rate that is comparable between rounds: in units of what the server did by itself at the same time.
        var ratio: Double { perSecond / yardstick }
    }

    private let run: BenchRun
    private let options: BenchOptions
    private let output: Output
    private(set) var rounds: [Round] = []

    init(_ options: BenchOptions, _ connection: ConnectionSettings, _ output: Output) async throws {
        self.options = options
        self.output = output
        run = try await BenchRun(options, connection)
    }

    mutating func measure() async throws {
        try await round("empty")
        let history = options.history
        let finished = try await run.chainOnce()
        try await Store.copyNewest(of: finished.id, times: max(1, history / (options.tasks + 1)), on: run.setup)
        try await round("with \(history) history rows")
        let sleeping = try await run.sleeper()
        try await Store.copyNewest(of: sleeping.id, times: options.sleepers, on: run.setup)
        try await round("with \(options.sleepers) sleeping branches too")
        try await round("a definition of 500 states", BenchScenario.chain(options.tasks + 1, states: 500))
        let holder = try await Connection.connect(to: run.connection)
        try await holder.run(script: "BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT 1;")
        let end = ContinuousClock.now + .seconds(options.seconds)
        repeat { try await round("a snapshot held open") } while ContinuousClock.now < end
        await holder.close()
    }

    private mutating func round(_ name: String, _ definition: String? = nil) async throws {
        let before = try await Yardstick.measure(run.connection, for: options.reference)
        let measure = try await run.measureHere(definition: definition)
        let after = try await Yardstick.measure(run.connection, for: options.reference)
        let used = measure.processors.braid + (measure.processors.postgres ?? 0)
        let round = Round(
            name: name,
            perSecond: measure.perSecond,
            yardstick: (before + after) / 2,
            processorMicroseconds: 1_000_000 * used / Double(max(1, measure.count)),
            postgresMicroseconds: 1_000_000 * (measure.processors.postgres ?? 0) / Double(max(1, measure.count))
        )
        rounds.append(round)
        output.note("\(name): \(BenchResult.text(round.perSecond)) transitions/s")
    }

    var json: JSONValue {
        let list = rounds.map { round -> JSONValue in
            let first = rounds[0]
            return [
                "round": .string(round.name), "per_second": number(round.perSecond),
                "yardstick_per_second": number(round.yardstick), "yardstick_ratio": number(round.ratio),
                "cpu_us": number(round.processorMicroseconds), "cpu_postgres_us": number(round.postgresMicroseconds),
                "ratio_to_empty": number(round.ratio / first.ratio),
                "cpu_to_empty": number(round.processorMicroseconds / first.processorMicroseconds),
            ]
        }
        return ["scenario": "growth", "rounds": .array(list)]
    }

    private func number(_ value: Double) -> JSONValue { .number(JSONNumber(BenchResult.rounded(value))) }

    var lines: [String] {
        rounds.map { round in
            "\(round.name): \(BenchResult.text(round.perSecond)) transitions/s, \(BenchResult.text(round.ratio)) of the"
                + " yardstick, \(BenchResult.text(round.processorMicroseconds)) us a transition,"
                + " \(BenchResult.text(round.processorMicroseconds / rounds[0].processorMicroseconds)) of the empty one's"
        }
    }
}
