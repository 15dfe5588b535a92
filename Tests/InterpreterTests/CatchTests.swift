import Interpreter
import JSON
import StatesLanguage
import Testing

@Suite("A Catch")
struct CatchTests {
    struct Row: Sendable, CustomTestStringConvertible {
        let testDescription: String
        var catches = #"[{"ErrorEquals": ["States.ALL"], "Next": "Caught"}]"#
        var answer = VirtualRun.Answer.fails(Failure(error: "E", cause: "c"))
        var fields = ""
        /// What the execution ends with.
        let outcome: LocalExecution.Outcome
    }

    static let rows = [
        Row(
            testDescription: "puts the Error Output in place of the input",
            outcome: .succeeded(#"{"Error":"E","Cause":"c"}"#)
        ),
        Row(
            testDescription: "puts it where ResultPath says, into the raw input",
            catches: #"[{"ErrorEquals": ["E"], "ResultPath": "$.error", "Next": "Caught"}]"#,
            fields: #", "InputPath": "$.a", "ResultPath": "$.b", "OutputPath": "$.b""#,
            outcome: .succeeded(#"{"a":1,"error":{"Error":"E","Cause":"c"}}"#)
        ),
        Row(
            testDescription: "drops it if ResultPath is null",
            catches: #"[{"ErrorEquals": ["E"], "ResultPath": null, "Next": "Caught"}]"#,
            outcome: .succeeded(#"{"a": 1}"#)
        ),
        Row(
            testDescription: "of another error leaves the failure",
            catches: #"[{"ErrorEquals": ["A"], "Next": "Caught"}]"#,
            outcome: .failed(Failure(error: "E", cause: "c"))
        ),
        Row(
            testDescription: "has null for what a failure does not say",
            answer: .fails(Failure(error: nil, cause: nil)),
            outcome: .succeeded(#"{"Error":null,"Cause":null}"#)
        ),
        Row(
            testDescription: "of a timeout has an empty cause",
            answer: .hangs,
            fields: #", "TimeoutSeconds": 5"#,
            outcome: .succeeded(#"{"Error":"States.Timeout","Cause":""}"#)
        ),
        Row(
            testDescription: "of States.TaskFailed lets a timeout pass",
            catches: #"[{"ErrorEquals": ["States.TaskFailed"], "Next": "Caught"}]"#,
            answer: .hangs,
            fields: #", "TimeoutSeconds": 5"#,
            outcome: .failed(Failure(error: "States.Timeout", cause: nil))
        ),
        Row(
            testDescription: "lets States.Runtime pass, even by name",
            catches: #"[{"ErrorEquals": ["States.Runtime"], "Next": "Caught"}]"#,
            answer: .succeeds("{}"),
            fields: #", "OutputPath": "$.x""#,
            outcome: .failed(
                Failure(
                    error: "States.Runtime",
                    cause: "An error occurred while executing the state 'T' (entered at the event id #2). "
                        + "Invalid path '$.x' : No results for path: $['x']"
                )
            )
        ),
        Row(
            testDescription: "has a result that is too long",
            answer: .succeeds(JSONText(.string(String(repeating: "a", count: 300_000)))),
            outcome: .succeeded(
                JSONText([
                    "Error": "States.DataLimitExceeded",
                    "Cause": .string(
                        "The state/task '\(Definitions.function)' returned a result with a size exceeding the maximum "
                            + "number of bytes service limit."
                    ),
                ])
            )
        ),
    ]

    @Test(arguments: rows)
    func catches(_ row: Row) throws {
        let definition = try Definitions.task(#", "Catch": \#(row.catches)\#(row.fields)"#)
        let run = VirtualRun(definition, input: #"{"a": 1}"#) { _ in row.answer }
        #expect(run.outcome == row.outcome)
    }

    @Test("comes after Retry")
    func afterRetry() throws {
        let definition = try Definitions.task(
            #", "Retry": [{"ErrorEquals": ["E"], "MaxAttempts": 1}], "#
                + #""Catch": [{"ErrorEquals": ["States.ALL"], "Next": "Caught"}]"#
        )
        let run = VirtualRun(definition) { _ in .fails(Failure(error: "E", cause: "c")) }
        #expect(run.requests.count == 2)
        #expect(run.outcome == .succeeded(#"{"Error":"E","Cause":"c"}"#))
        #expect(
            run.history.suffix(5) == [
                "8<-7 LambdaFunctionFailed", "9<-8 TaskStateExited", "10<-9 PassStateEntered", "11<-10 PassStateExited",
                "12<-11 ExecutionSucceeded",
            ]
        )
    }
}
