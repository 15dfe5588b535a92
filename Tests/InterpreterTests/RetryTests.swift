import Interpreter
import JSON
import StatesLanguage
import Testing

@Suite("A Retry")
struct RetryTests {
    struct Row: Sendable, CustomTestStringConvertible {
        let testDescription: String
        var retry = #"[{"ErrorEquals": ["States.ALL"]}]"#
        /// What each attempt fails with; the ones after these succeed.
        let errors: [String]
        /// The waits before the attempts that follow, in seconds.
        let waits: [Double]
        var succeeds = true
    }

    static let rows = [
        Row(testDescription: "waits 1, 2 and 4 seconds by default", errors: ["E", "E", "E"], waits: [1, 2, 4]),
        Row(
            testDescription: "gives no fourth retry by default",
            errors: ["E", "E", "E", "E"],
            waits: [1, 2, 4],
            succeeds: false
        ),
        Row(
            testDescription: "counts for each retrier",
            retry: #"""
                [{"ErrorEquals": ["A", "B"], "MaxAttempts": 2, "BackoffRate": 2},
                 {"ErrorEquals": ["C"], "IntervalSeconds": 5}]
                """#,
            errors: ["A", "B", "C", "B"],
            waits: [1, 2, 5],
            succeeds: false
        ),
        Row(
            testDescription: "asks no later retrier once the first that matches is used up",
            retry: #"[{"ErrorEquals": ["A"], "MaxAttempts": 1}, {"ErrorEquals": ["States.ALL"]}]"#,
            errors: ["A", "A"],
            waits: [1],
            succeeds: false
        ),
        Row(
            testDescription: "never comes if MaxAttempts is 0",
            retry: #"[{"ErrorEquals": ["States.ALL"], "MaxAttempts": 0}]"#,
            errors: ["E"],
            waits: [],
            succeeds: false
        ),
        Row(
            testDescription: "waits no longer than MaxDelaySeconds",
            retry: #"""
                [{"ErrorEquals": ["E"], "IntervalSeconds": 3, "BackoffRate": 10, "MaxDelaySeconds": 20}]
                """#,
            errors: ["E", "E", "E"],
            waits: [3, 20, 20]
        ),
        Row(
            testDescription: "may have a rate of a fraction",
            retry: #"[{"ErrorEquals": ["E"], "IntervalSeconds": 2, "BackoffRate": 1.5}]"#,
            errors: ["E", "E", "E"],
            waits: [2, 3, 4.5]
        ),
        Row(
            testDescription: "is not for other errors",
            retry: #"[{"ErrorEquals": ["A"]}]"#,
            errors: ["B"],
            waits: [],
            succeeds: false
        ),
        Row(
            testDescription: "of States.TaskFailed is for any error of the task",
            retry: #"[{"ErrorEquals": ["States.TaskFailed"]}]"#,
            errors: ["E"],
            waits: [1]
        ),
        Row(
            testDescription: "of States.TaskFailed is not for a timeout",
            retry: #"[{"ErrorEquals": ["States.TaskFailed"]}]"#,
            errors: ["States.Timeout"],
            waits: [],
            succeeds: false
        ),
        Row(
            testDescription: "is never for States.Runtime",
            errors: ["States.Runtime"],
            waits: [],
            succeeds: false
        ),
    ]

    @Test(arguments: rows)
    func retries(_ row: Row) throws {
        var attempts = 0
        let run = VirtualRun(try Definitions.plainTask(#", "Retry": \#(row.retry)"#)) { _ in
            attempts += 1
            guard attempts <= row.errors.count else { return .succeeds("1") }
            return .fails(Failure(error: row.errors[attempts - 1], cause: nil))
        }
        #expect(run.sleeps == row.waits.map { .milliseconds(Int($0 * 1000)) })
        #expect(attempts == row.waits.count + 1)
        #expect((run.outcome == .succeeded("1")) == row.succeeds)
        #expect(run.requests.map(\.retryCount) == Array(0...row.waits.count))
    }

    @Test("schedules and starts again, and enters the state once")
    func events() throws {
        var attempts = 0
        let run = VirtualRun(try Definitions.plainTask(#", "Retry": [{"ErrorEquals": ["States.ALL"]}]"#)) { _ in
            attempts += 1
            return attempts == 1 ? .fails(Failure(error: "E", cause: "c")) : .succeeds("1")
        }
        #expect(
            run.history == [
                "1<-0 ExecutionStarted", "2<-0 TaskStateEntered", "3<-2 LambdaFunctionScheduled",
                "4<-3 LambdaFunctionStarted", "5<-4 LambdaFunctionFailed", "6<-5 LambdaFunctionScheduled",
                "7<-6 LambdaFunctionStarted", "8<-7 LambdaFunctionSucceeded", "9<-8 TaskStateExited",
                "10<-9 PassStateEntered", "11<-10 PassStateExited", "12<-11 ExecutionSucceeded",
            ]
        )
    }

    @Test("with full jitter waits at most the whole delay, and not always the same")
    func jitter() throws {
        let retry =
            #", "Retry": [{"ErrorEquals": ["States.ALL"], "MaxAttempts": 50, "BackoffRate": 1, "#
            + #""IntervalSeconds": 10, "JitterStrategy": "FULL"}]"#
        let run = VirtualRun(try Definitions.plainTask(retry)) { _ in .fails(Failure(error: "E", cause: nil)) }
        #expect(run.sleeps.count == 50)
        #expect(run.sleeps.allSatisfy { $0 >= .zero && $0 <= .seconds(10) })
        #expect(Set(run.sleeps).count > 40)
    }

    @Test("counts anew when the state is entered again")
    func newVisit() throws {
        var attempts = 0
        let definition = try Definitions.machine(
            "T",
            #"""
            "T": {"Type": "Task", "Resource": "\#(Definitions.function)", "Next": "Again",
                  "Retry": [{"ErrorEquals": ["States.ALL"], "MaxAttempts": 1}]},
            "Again": {"Type": "Choice", "Default": "End",
                      "Choices": [{"Variable": "$", "NumericLessThan": 4, "Next": "T"}]},
            "End": {"Type": "Succeed"}
            """#
        )
        let run = VirtualRun(definition) { _ in
            attempts += 1
            return attempts.isMultiple(of: 2)
                ? .succeeds(JSONText(.number(JSONNumber(attempts)))) : .fails(Failure(error: "E", cause: nil))
        }
        #expect(run.outcome == .succeeded("4"))
        #expect(run.sleeps == [.seconds(1), .seconds(1)])
    }

    @Test("performs the same input again where it was drawn at random")
    func sameInput() throws {
        let definition = try Definitions.plainTask(
            #", "Parameters": {"id.$": "States.UUID()"}, "Retry": [{"ErrorEquals": ["States.ALL"]}]"#
        )
        let run = VirtualRun(definition) { _ in .fails(Failure(error: "E", cause: nil)) }
        #expect(run.requests.count == 4)
        #expect(Set(run.requests.map(\.input.text)).count == 1)
    }

    @Test("shows its count in the context object")
    func context() throws {
        let definition = try Definitions.plainTask(
            #", "Parameters": {"n.$": "$$.State.RetryCount"}, "Retry": [{"ErrorEquals": ["States.ALL"]}]"#
        )
        let run = VirtualRun(definition) { _ in .fails(Failure(error: "E", cause: nil)) }
        #expect(run.requests.map(\.input.text) == [#"{"n":0}"#, #"{"n":1}"#, #"{"n":2}"#, #"{"n":3}"#])
    }
}
