import Interpreter
import JSON
import StatesLanguage
import Testing

@Suite("A Task's clock")
struct TimeoutTests {
    @Test("starts with each attempt")
    func eachAttempt() throws {
        let definition = try Definitions.plainTask(
            #", "TimeoutSeconds": 5, "Retry": [{"ErrorEquals": ["States.Timeout"], "MaxAttempts": 1}]"#
        )
        let run = VirtualRun(definition) { _ in .hangs }
        #expect(
            run.requests.map(\.deadline) == [VirtualRun.start + .seconds(5), VirtualRun.start + .seconds(5 + 1 + 5)]
        )
        #expect(run.outcome == .failed(Failure(error: "States.Timeout", cause: nil)))
        #expect(run.types.filter { $0 == .lambdaFunctionTimedOut }.count == 2)
    }

    struct Path: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let input: JSONText
        let seconds: Int?
    }

    static let paths = [
        Path(testDescription: "comes from TimeoutSecondsPath", input: #"{"t": 7}"#, seconds: 7),
        Path(testDescription: "refuses a fraction", input: #"{"t": 1.5}"#, seconds: nil),
        Path(testDescription: "refuses 0", input: #"{"t": 0}"#, seconds: nil),
        Path(testDescription: "refuses a text", input: #"{"t": "7"}"#, seconds: nil),
        Path(testDescription: "refuses nothing", input: "{}", seconds: nil),
    ]

    @Test(arguments: paths)
    func path(_ row: Path) throws {
        let definition = try Definitions.plainTask(#", "TimeoutSecondsPath": "$.t""#)
        let run = VirtualRun(definition, input: row.input)
        #expect(run.requests.first?.deadline == row.seconds.map { VirtualRun.start + .seconds($0) })
        guard row.seconds == nil else { return #expect(run.outcome == .succeeded(row.input)) }
        guard case .failed(let failure)? = run.outcome else { return #expect(run.outcome == nil) }
        #expect(failure.error == "States.Runtime")
        #expect(run.types == [.executionStarted, .taskStateEntered, .executionFailed])
    }

    @Test("shows in the schedule, and its heartbeat with it")
    func schedule() throws {
        let definition = try Definitions.plainTask(
            #", "TimeoutSeconds": 60, "HeartbeatSeconds": 5, "#
                + #""Parameters": {"QueueUrl": "q", "MessageBody.$": "$$.Task.Token"}"#,
            resource: Definitions.callback
        )
        let run = VirtualRun(definition) { _ in .falls(after: .seconds(5)) }
        let scheduled = run.execution.history.first { $0.event.type == .taskScheduled }
        #expect(scheduled?.event.details.contains { $0.name == "timeoutInSeconds" && $0.value == .number(60) } == true)
        #expect(scheduled?.event.details.contains { $0.name == "heartbeatInSeconds" && $0.value == .number(5) } == true)
        #expect(run.requests.first?.heartbeat == .seconds(5))
    }

    static let heartbeatNames = ["States.HeartbeatTimeout", "States.Timeout", "States.ALL"]

    @Test("that a silent heartbeat ends is caught by either name, and shows as a timeout", arguments: heartbeatNames)
    func heartbeat(_ name: String) throws {
        let definition = try Definitions.task(
            #", "HeartbeatSeconds": 5, "Catch": [{"ErrorEquals": ["\#(name)"], "Next": "Caught"}]"#
        )
        let run = VirtualRun(definition) { _ in .falls(after: .seconds(5)) }
        #expect(run.outcome == .succeeded(#"{"Error":"States.Timeout","Cause":""}"#))
    }

    @Test("of an activity starts when a worker takes it")
    func activity() throws {
        let definition = try Definitions.plainTask(#", "TimeoutSeconds": 5"#, resource: Definitions.activity)
        let interpreter = Interpreter(definition: definition)
        var random = SeededGenerator(seed: 1)
        let info = Executions.info()
        let begun = interpreter.start(info, at: VirtualRun.start, using: &random)
        guard case .await(let request) = begun.directive else { return #expect(begun.events.isEmpty) }
        #expect(request.deadline == nil)
        #expect(begun.events.map(\.type) == [.executionStarted, .taskStateEntered, .activityScheduled])
        #expect(begun.branch.taskToken != nil)

        let later = VirtualRun.start + .seconds(100)
        let taken = interpreter.activityStarted(begun.branch, of: info, by: "me", at: later)
        #expect(taken?.events.map(\.type) == [.activityStarted])
        #expect(taken?.branch.deadline == later + .seconds(5))
        #expect(taken?.branch.taskToken == begun.branch.taskToken)
    }
}
