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
        #expect(lines[2].hasSuffix("1 items"))
        #expect(lines[4].contains("TaskStateEntered") && lines[4].contains("Do[0]"))
        #expect(lines[5].hasPrefix("   60.750     6  LambdaFunctionFailed"))
        #expect(lines[5].contains("Do[0]") && lines[5].hasSuffix("Sad: line line"))
    }

    @Test("keeps to the terminal's width, with colours only there")
    func width() throws {
        #expect(try lines(width: 100).allSatisfy { $0.count <= 100 })
        #expect(try lines(isColoured: true)[5].contains("\u{1B}[31m"))
        #expect(try !lines()[5].contains("\u{1B}"))
    }
}
