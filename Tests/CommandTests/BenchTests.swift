import JSON
import StatesLanguage
import Store
import Testing

@testable import BraidCommand

@Suite("The bench")
struct BenchTests {
    private func options(_ words: String...) throws -> BenchOptions {
        let arguments = try Arguments(words, for: BenchCommand.syntax)
        let output = Transcript().output
        return try BenchOptions(
            Invocation(syntax: BenchCommand.syntax, arguments: arguments, environment: [:], output: output)
        )
    }

    @Test("measures definitions that are valid, with inputs of the size asked for", arguments: BenchScenario.allCases)
    func definitions(_ scenario: BenchScenario) throws {
        let options = try options(scenario.rawValue, "--bytes", "1000", "--items", "7")
        _ = try StateMachineDefinition(
            parsing: scenario.definition(options),
            type: scenario.isExpress ? .express : .standard
        )
        let input = try JSONValue(parsing: scenario.input(options).text)
        switch scenario {
        case .map, .mapTasks: #expect(input.array?.count == 7)
        default: #expect(scenario.input(options).byteCount == 1_000)
        }
    }

    @Test("has chains in definitions of any size")
    func largeDefinition() throws {
        let definition = try JSONValue(parsing: BenchScenario.chain(11, states: 500))
        #expect(definition["States"]?.object?.count == 500)
        _ = try StateMachineDefinition(parsing: BenchScenario.chain(11, states: 500), type: .standard)
    }

    @Test("refuses scenarios that there are none of, and workers where one process serves")
    func wrongOptions() {
        #expect(throws: UsageError.self) { try options("chian") }
        #expect(throws: UsageError.self) { try options("latency", "--workers", "2") }
    }

    private func result(before: Double, after: Double) throws -> BenchResult {
        var measure = BenchMeasure()
        measure.seconds = 2
        measure.count = 3_000
        measure.latencies = (1...100).map(Double.init).shuffled()
        measure.counts = BenchChild.Counts(commits: 10, submissions: 500, roundTrips: 20)
        measure.reading.transitions = 3_000
        measure.reading.commits = 60
        measure.walBytes = 3_000_000
        return BenchResult(
            options: try options("chain"),
            measure: measure,
            yardstick: (before, after),
            limit: .init(perSecond: 3_000, name: "something"),
            durability: [("fsync", "on")]
        )
    }

    @Test("tells rates, percentiles, and costs of one transition")
    func figures() throws {
        let json = try result(before: 1_000, after: 1_400).json
        #expect(json["scenario"] == "chain")
        #expect(json["per_second"] == 1_500)
        #expect(json["ratio"] == 0.5)
        #expect(json["yardstick_ratio"] == 1.25)
        #expect(json["p50_ms"] == 50)
        #expect(json["p99_ms"] == 99)
        #expect(json["commits_per_transition"] == 0.02)
        #expect(json["round_trips_per_batch"] == 2)
        #expect(json["wal_bytes_per_transition"] == 1_000)
        #expect(json["steady"] == true)
        #expect(json["fsync"] == "on")
    }

    @Test("says when the machine was not steady")
    func unsteady() throws {
        let result = try result(before: 1_000, after: 1_600)
        #expect(!result.isSteady)
        #expect(result.json["steady"] == false)
        #expect(result.lines.last?.contains("not steady") == true)
    }
}
