import Interpreter
import JSON
import StatesLanguage
import Testing

@Suite("A Wait state")
struct WaitTests {
    struct Row: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let field: String
        var input: JSONText = "{}"
        /// How long it sleeps; `nil` if it does not.
        var sleep: Duration?
        /// What fails it, without the words that name the state.
        var cause: String?
    }

    static let rows = [
        Row(testDescription: "sleeps for its seconds", field: #""Seconds": 86400"#, sleep: .seconds(86_400)),
        Row(testDescription: "of 0 seconds is none", field: #""Seconds": 0"#),
        Row(
            testDescription: "sleeps until its timestamp",
            field: #""Timestamp": "2024-05-01T10:00:05Z""#,
            sleep: .seconds(5)
        ),
        Row(testDescription: "until a time in the past is none", field: #""Timestamp": "2016-03-14T01:59:00Z""#),
        Row(
            testDescription: "honours the offset of a timestamp",
            field: #""Timestamp": "2024-05-01T12:00:05+02:00""#,
            sleep: .seconds(5)
        ),
        Row(
            testDescription: "takes its seconds from a path",
            field: #""SecondsPath": "$.s""#,
            input: #"{"s": 3}"#,
            sleep: .seconds(3)
        ),
        Row(
            testDescription: "refuses a fraction",
            field: #""SecondsPath": "$.s""#,
            input: #"{"s": 1.5}"#,
            cause: "The SecondsPath parameter cannot be parsed as a long value: $.s == 1.5"
        ),
        Row(
            testDescription: "refuses less than nothing",
            field: #""SecondsPath": "$.s""#,
            input: #"{"s": -1}"#,
            cause: "The SecondsPath parameter references a negative value: $.s == -1"
        ),
        Row(
            testDescription: "refuses a path that leads nowhere",
            field: #""SecondsPath": "$.s""#,
            cause: "The SecondsPath parameter does not reference an input value: $.s"
        ),
        Row(
            testDescription: "may be as long as 32 bits of seconds",
            field: #""SecondsPath": "$.s""#,
            input: #"{"s": 2147483647}"#,
            sleep: .seconds(2_147_483_647)
        ),
        Row(
            testDescription: "may be no longer",
            field: #""SecondsPath": "$.s""#,
            input: #"{"s": 2147483648}"#,
            cause: "Wait state delay is too long."
        ),
        Row(
            testDescription: "may be no longer by far",
            field: #""SecondsPath": "$.s""#,
            input: #"{"s": 9223372036854775807}"#,
            cause: "Wait state delay is too long."
        ),
        Row(
            testDescription: "takes its time from a path",
            field: #""TimestampPath": "$.t""#,
            input: #"{"t": "2024-05-01T10:00:09Z"}"#,
            sleep: .seconds(9)
        ),
        Row(
            testDescription: "refuses what is no timestamp",
            field: #""TimestampPath": "$.t""#,
            input: #"{"t": "05-12-2016T21:29:29Z"}"#,
            cause: "The TimestampPath parameter does not reference a valid ISO-8601 extended offset date-time format "
                + "string: $.t == 05-12-2016T21:29:29Z"
        ),
    ]

    @Test(arguments: rows)
    func waits(_ row: Row) throws {
        let definition = try Definitions.machine("W", #""W": {"Type": "Wait", \#(row.field), "End": true}"#)
        let run = VirtualRun(definition, input: row.input, horizon: .seconds(3_000_000_000))
        #expect(run.sleeps == (row.sleep.map { [$0] } ?? []))
        if let cause = row.cause {
            let prefix = "An error occurred while executing the state 'W' (entered at the event id #2). "
            #expect(run.outcome == .failed(Failure(error: "States.Runtime", cause: prefix + cause)))
        } else {
            #expect(run.outcome == .succeeded(row.input))
            #expect(
                run.history == [
                    "1<-0 ExecutionStarted", "2<-0 WaitStateEntered", "3<-2 WaitStateExited",
                    "4<-3 ExecutionSucceeded",
                ]
            )
        }
    }
}
