import JSON
import Testing

@testable import BraidCommand

@Suite("A history for people")
struct HistoryLinesTests {
    static func events() throws -> [JSONValue] {
        let text = """
            [{"id": 1, "previousEventId": 0, "timestamp": 100.5, "type": "ExecutionStarted",
              "executionStartedEventDetails": {"input": "[1]"}},
             {"id": 2, "previousEventId": 0, "timestamp": 100.5, "type": "MapStateEntered",
              "stateEnteredEventDetails": {"name": "Each", "input": "[1]"}},
             {"id": 3, "previousEventId": 2, "timestamp": 100.5, "type": "MapStateStarted",
              "mapStateStartedEventDetails": {"length": 1}},
             {"id": 4, "previousEventId": 3, "timestamp": 100.6, "type": "MapIterationStarted",
              "mapIterationStartedEventDetails": {"name": "Each", "index": 0}},
             {"id": 5, "previousEventId": 4, "timestamp": 100.6, "type": "TaskStateEntered",
              "stateEnteredEventDetails": {"name": "Do", "input": "1"}},
             {"id": 6, "previousEventId": 5, "timestamp": 161.25, "type": "LambdaFunctionFailed",
              "lambdaFunctionFailedEventDetails": {"error": "Sad", "cause": "line\\nline"}}]
            """
        return try JSONValue(parsing: text).array ?? []
    }

    func lines(isFull: Bool = false, width: Int? = nil, isColoured: Bool = false) throws -> [String] {
        let output = Output(
            isColoured: isColoured,
            width: width,
            standardOutput: { _ in },
            standardError: { _ in }
        )
        var lines = HistoryLines(output: output, isFull: isFull)
        return try Self.events().map { lines.line(of: $0) }
    }

    @Test("tells the time since the start, the state with its iteration, and what matters")
    func content() throws {
        let lines = try lines()

        #expect(lines[0].hasPrefix("    0.000     1  ExecutionStarted "))
        #expect(lines[2].hasSuffix("1 item"))
        #expect(lines[4].contains("TaskStateEntered") && lines[4].contains("Do[0]"))
        #expect(lines[5].hasPrefix("   60.750     6  LambdaFunctionFailed"))
        #expect(lines[5].contains("Do[0]") && lines[5].hasSuffix("Sad: line line"))
    }

    @Test("names a Parallel or a Map that ends, not the state inside that its chain comes from")
    func containers() throws {
        func event(_ id: Int, _ previous: Int, _ type: String, _ name: String? = nil, _ details: String = "") -> String
        {
            let kind = type.hasSuffix("Entered") ? "stateEntered" : "stateExited"
            let named = name.map { #", "\#(kind)EventDetails": {"name": "\#($0)"}"# } ?? ""
            return
                #"{"id": \#(id), "previousEventId": \#(previous), "timestamp": 1, "type": "\#(type)"\#(named)\#(details)}"#
        }
        let iteration = #", "mapIterationStartedEventDetails": {"name": "Each", "index": 0}"#
        let events = [
            event(1, 0, "MapStateEntered", "Each"), event(2, 1, "MapStateStarted"),
            event(3, 2, "MapIterationStarted", nil, iteration), event(4, 3, "ParallelStateEntered", "Both"),
            event(5, 4, "ParallelStateStarted"), event(6, 5, "PassStateEntered", "One"),
            event(7, 6, "PassStateExited", "One"),
            event(8, 5, "PassStateEntered", "Two"), event(9, 8, "PassStateExited", "Two"),
            event(10, 9, "ParallelStateSucceeded"), event(11, 9, "ParallelStateExited", "Both"),
            event(12, 11, "FailStateEntered", "No"), event(13, 12, "MapStateFailed"), event(14, 13, "ExecutionFailed"),
            event(15, 11, "MapStateEntered", "Odd"), event(16, 15, "MapStateFailed"),
            event(17, 11, "MapIterationSucceeded", nil, iteration), event(18, 17, "MapStateSucceeded"),
            event(19, 17, "MapStateExited", "Each"), event(20, 19, "TaskStateEntered", "Next"),
        ]
        let output = Output(isColoured: false, width: nil, standardOutput: { _ in }, standardError: { _ in })
        var lines = HistoryLines(output: output, isFull: false)
        let places = try events.map { text -> String in
            let words = lines.line(of: try JSONValue(parsing: text)).split(separator: " ").map(String.init)
            return words.count > 3 ? words[3] : ""
        }
        #expect(places[5...6] == ["One[0]", "One[0]"])
        #expect(places[9...10] == ["Both[0]", "Both[0]"])
        #expect(places[12...15] == ["Each", "", "Odd[0]", "Odd[0]"])
        #expect(places[16...19] == ["Each[0]", "Each", "Each", "Next"])
    }

    @Test("shows an event that is dated before the first one at its start")
    func before() throws {
        let output = Output(isColoured: false, width: nil, standardOutput: { _ in }, standardError: { _ in })
        var lines = HistoryLines(output: output, isFull: false)
        let times = [100.5, 99.25, -1e11].map { time in
            lines.line(of: ["id": 1, "timestamp": .number(JSONNumber(time)), "type": "PassStateEntered"]).prefix(9)
        }
        #expect(times == ["    0.000", "    0.000", "    0.000"])
    }

    @Test("shows payloads without the blanks between their tokens")
    func payloads() throws {
        let event: JSONValue = [
            "id": 1, "timestamp": 1, "type": "ExecutionStarted",
            "executionStartedEventDetails": ["input": "{\n  \"a  b\":   [1,\n 2]\n}"],
        ]
        let output = Output(isColoured: false, width: nil, standardOutput: { _ in }, standardError: { _ in })
        var lines = HistoryLines(output: output, isFull: false)
        #expect(lines.line(of: event).hasSuffix(#" {"a  b":[1,2]}"#))
    }

    @Test("keeps to the terminal's width, with colours only there")
    func width() throws {
        #expect(try lines(width: 100).allSatisfy { $0.count <= 100 })
        #expect(try lines(isColoured: true)[5].contains("\u{1B}[31m"))
        #expect(try !lines()[5].contains("\u{1B}"))
    }
}
