import Engine
import Interpreter
import JSON
import StatesLanguage
import Testing

@Suite("The log of an execution")
struct ExecutionLogTests {
    struct Row: Sendable, CustomTestStringConvertible {
        let level: String
        let types: [String]
        var testDescription: String { level }
    }

    static let rows = [
        Row(
            level: "ALL",
            types: ["ExecutionStarted", "PassStateEntered", "PassStateExited", "FailStateEntered", "ExecutionFailed"]
        ),
        Row(level: "ERROR", types: ["FailStateEntered", "ExecutionFailed"]),
        Row(level: "FATAL", types: ["ExecutionFailed"]),
        Row(level: "OFF", types: []),
    ]

    private func entries() throws -> [LocalExecution.Entry] {
        let text = #"{"StartAt":"P","States":{"P":{"Type":"Pass","Next":"F"},"F":{"Type":"Fail","Error":"E"}}}"#
        let info = ExecutionInfo(
            id: "arn",
            name: "n",
            input: JSONText(trusted: "{}"),
            roleARN: "r",
            startTime: Timestamp(microseconds: 0),
            stateMachineID: "m",
            stateMachineName: "m"
        )
        var execution = LocalExecution(of: try StateMachineDefinition(parsing: text), as: info)
        var generator = SystemRandomNumberGenerator()
        _ = execution.start(at: Timestamp(microseconds: 5_000), using: &generator)
        return execution.history
    }

    @Test("has the events of its level", arguments: rows)
    func levels(_ row: Row) throws {
        let log = ExecutionLog(configuration: #"{"level":"\#(row.level)"}"#)
        let records = try entries().compactMap { log.record(of: $0, execution: "arn") }
        #expect(records.map { $0[1].value } == row.types)
    }

    @Test("has inputs and outputs only where execution data is included, and numbers as text (recorded: test_logs)")
    func data() throws {
        let entry = try entries()[1]
        let without = ExecutionLog(configuration: #"{"level":"ALL"}"#).record(of: entry, execution: "arn")
        let with = ExecutionLog(configuration: #"{"level":"ALL","includeExecutionData":true}"#)
            .record(of: entry, execution: "arn")
        #expect(without?[2].value == #"{"name":"P"}"#)
        #expect(with?[2].value == #"{"name":"P","input":"{}","inputDetails":{"truncated":false}}"#)
        #expect(
            with?.map(\.name) == [
                "id", "type", "details", "previous_event_id", "event_timestamp", "execution_arn", "redrive_count",
            ]
        )
        #expect(with?[0].value == "2" && with?[3].value == "0" && with?[4].value == "5")
    }
}
