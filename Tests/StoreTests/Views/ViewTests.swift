import Foundation
import Interpreter
import JSON
import Postgres
import StatesLanguage
import Store
import TestSupport
import Testing

@Suite("The view", .database)
struct ViewTests {
    @Test("execution_history shows each event as GetExecutionHistory does, payloads to the letter")
    func history() async throws {
        let bench = try await Bench()
        let input: JSONText =
            #"{"items":  [{"a": "\u0000"}, {"a": "\ud800"}, {"a": 1e400000}], "big": 12345678901234567890.10}"#
        var engine = try everything(bench)
        let id = try await engine.run(input, name: "named")
        #expect(try await bench.execution(id, "status") == "SUCCEEDED")

        let events = try await bench.store.readHistory(of: id, limit: 1_000).events
        let rows = try await bench.connection.query(
            """
            SELECT event_id, previous_event_id, type, at, input::text, output::text, parameters::text, error, cause,
                resource, iteration, state, state_machine, execution
            FROM braid.execution_history WHERE execution_id = $1 ORDER BY event_id
            """,
            [.uuid(id.value)]
        )
        #expect(rows.count == events.count && events.count > 40)
        for (row, event) in zip(rows, events) {
            #expect(try row[0] as Int == event.id && row[1] as Int == event.previousID)
            #expect(try row[2] as String == event.type.rawValue && row[3] as Int64 == event.at.microseconds)
            for (column, name) in [
                (4, "input"), (5, "output"), (6, "parameters"), (7, "error"), (8, "cause"), (9, "resource"),
            ] {
                #expect(try row[column] as String? == event.text(name), "\(event.id) \(event.type) \(name)")
            }
            #expect(try row[10] as Int? == event.number("index"))
            #expect(try row[12] as String == "Machine" && row[13] as String == "named")
            if let name = event.text("name"), event.type.rawValue.contains("State") {
                #expect(try row[11] as String == name)
            }
        }
        #expect(try rows.first?[4] as String? == input.text)
        let states = try rows.compactMap { row in
            let type: String = try row[2]
            return type.hasSuffix("Scheduled") || type.hasSuffix("Succeeded") ? try row[11] as String? : nil
        }
        #expect(Set(states).isSuperset(of: ["Flaky", "One", "Left"]))
    }

    @Test("state_visits shows each visit once: when, how long, how often tried, what went in and out")
    func visits() async throws {
        let bench = try await Bench()
        var engine = try everything(bench)
        let id = try await engine.run(#"{"items": [1, {"a": 2}, 3]}"#)
        let visits = try await Visit.all(of: id, bench)
        #expect(
            visits.map(\.state)
                == [
                    "Give", "Choose", "Wait", "Flaky", "Each", "One", "One", "One", "Caught", "Both", "Left", "Right",
                ].sorted()
        )
        #expect(visits.allSatisfy { $0.seconds != nil })
        func visit(_ state: String) throws -> Visit { try #require(visits.first { $0.state == state }) }
        let flaky = try visit("Flaky")
        // Two failures, each followed by a wait, and a success: which leaves no error.
        #expect(flaky.attempts == 3 && flaky.error == nil && (flaky.seconds ?? 0) >= 15)
        #expect(flaky.input == #"{"items":[1,{"a":2},3],"given":{"n":1.50}}"#)
        #expect(flaky.output == #"{"items":[1,{"a":2},3],"given":{"n":1.50},"flaky":{"ok":true}}"#)
        #expect(try visit("Wait").seconds == 61 && visit("Wait").attempts == 0)
        #expect(try visit("Each").type == "Map" && visit("Each").attempts == 1)
        let ones = visits.filter { $0.state == "One" }
        #expect(ones.map(\.input).sorted { ($0 ?? "") < ($1 ?? "") } == ["1", "3", #"{"a":2}"#])
        #expect(ones.filter { $0.error == "Odd" }.map(\.input) == [#"{"a":2}"#])
        #expect(ones.allSatisfy { $0.output != nil })
        #expect(try visit("Both").attempts == 1 && visit("Left").attempts == 1 && visit("Right").type == "Succeed")
    }

    @Test("state_visits ends what failed or was ended with it, and leaves open what runs")
    func failedVisits() async throws {
        let bench = try await Bench()
        var engine = try LittleEngine(bench, Workflows.failingMap) { _, _, input in
            input.text == "3" ? .failure(Failure(error: "Odd", cause: "three")) : .success(input)
        }
        let id = try await engine.run("[3, 4, 5]")
        let visits = try await Visit.all(of: id, bench)
        #expect(visits.map(\.state) == ["Each", "One", "One"])
        #expect(visits.allSatisfy { $0.seconds != nil && $0.output == nil })
        #expect(visits.map(\.error).filter { $0 == "Odd" }.count == 2)

        var half = try LittleEngine(bench, Workflows.failingMap) { _, _, input in .success(input) }
        let running = try await half.run("[3, 4, 5]", commits: 3)
        #expect(try await Visit.all(of: running, bench).map(\.seconds) == [nil, nil, nil])
        let failure = Failure(error: "Mine", cause: nil)
        _ = try await bench.commit([.stop(StopSubmission(execution: running, failure: failure, at: .test(50)))])
        let stopped = try await Visit.all(of: running, bench)
        #expect(stopped.allSatisfy { $0.seconds != nil && $0.error == nil })
    }

    @Test("map_run_progress shows how far a Map that runs has come, and none that was left")
    func progress() async throws {
        let bench = try await Bench()
        var engine = try LittleEngine(bench, Workflows.failingMap) { _, _, input in .success(input) }
        let id = try await engine.run("[1, 2, 3, 4, 5]", commits: 4)
        let rows = try await bench.connection.query(
            "SELECT state, items, unstarted, running, succeeded, failed, aborted FROM braid.map_run_progress"
        )
        let row = try #require(rows.first)
        #expect(try rows.count == 1 && row[0] as String == "Each")
        #expect(try (1...6).map { try row[$0] as Int } == [5, 2, 2, 1, 0, 0])
        let failure = Failure(error: nil, cause: nil)
        _ = try await bench.commit([.stop(StopSubmission(execution: id, failure: failure, at: .test))])
        _ = try await engine.run("[1]")
        #expect(try await bench.connection.query("SELECT * FROM braid.map_run_progress").isEmpty)
    }

    @Test("failures_by_state counts failures by state and error, and no stop")
    func failures() async throws {
        let bench = try await Bench()
        var engine = try LittleEngine(bench, Workflows.failingMap) { _, call, _ in
            .failure(Failure(error: call == 0 ? "Odd" : "Even", cause: nil))
        }
        for _ in 0..<3 { _ = try await engine.run("[1]") }
        let id = try await engine.run("[1]", commits: 1)
        let failure = Failure(error: "Mine", cause: nil)
        _ = try await bench.commit([.stop(StopSubmission(execution: id, failure: failure, at: .test))])
        let rows = try await bench.connection.query(
            """
            SELECT state_machine || ' ' || state || ' ' || error || ' ' || failures || ' ' || executions
            FROM braid.failures_by_state ORDER BY failures DESC, state, error
            """
        )
        #expect(
            try rows.map { try $0[0] as String } == [
                "Machine Each Even 2 2", "Machine One Even 2 2", "Machine Each Odd 1 1", "Machine One Odd 1 1",
            ]
        )
    }

    private func everything(_ bench: Bench) throws -> LittleEngine {
        try LittleEngine(bench, Workflows.everything) { function, call, input in
            switch function {
            case "flaky" where call < 2: .failure(Failure(error: "Busy", cause: "not\u{0} now"))
            case "one" where input.text.contains("a\""): .failure(Failure(error: "Odd", cause: nil))
            case "left", "one": .success(input)
            default: .success(#"{"ok":  true}"#)
            }
        }
    }
}

/// A row of `state_visits`.
private struct Visit {
    var state: String
    var type: String
    var attempts: Int
    var seconds: Int?
    var input: String?
    var output: String?
    var error: String?

    /// In the order of states' names.
    static func all(of id: ExecutionID, _ bench: Bench) async throws -> [Visit] {
        let rows = try await bench.connection.query(
            """
            SELECT state, type, attempts, extract(epoch FROM duration)::int4, input::text, output::text, error
            FROM braid.state_visits WHERE execution_id = $1 ORDER BY state COLLATE "C", entered_event_id
            """,
            [.uuid(id.value)]
        )
        return try rows.map { row in
            Visit(
                state: try row[0],
                type: try row[1],
                attempts: try row[2],
                seconds: try row[3],
                input: try row[4],
                output: try row[5],
                error: try row[6]
            )
        }
    }
}

extension RecordedEvent {
    /// A member of the details, as text.
    fileprivate func text(_ name: String) -> String? {
        switch details.first(where: { $0.name == name })?.value {
        case .text(let text)?: text
        case .payload(let payload)?: payload.text
        default: nil
        }
    }

    fileprivate func number(_ name: String) -> Int? {
        if case .number(let number)? = details.first(where: { $0.name == name })?.value { number } else { nil }
    }
}
