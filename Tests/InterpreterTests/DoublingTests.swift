import Interpreter
import JSON
import StatesLanguage
import Testing

@Suite("An execution under a test case")
struct DoublingTests {
    /// Runs a definition of a Task `T`, none of whose attempts is performed.
    private func run(
        _ definition: StateMachineDefinition,
        _ responses: String
    ) throws -> (outcome: LocalExecution.Outcome?, types: [HistoryEventType], waits: Int) {
        let file = #"""
            {"StateMachines": {"M": {"TestCases": {"C": {"T": "R"}}}}, "MockedResponses": {"R": \#(responses)}}
            """#
        var info = Executions.info(input: #"{"a":1}"#)
        info.doubles = try MockConfiguration(parsing: file).testCase("C", of: "M")
        var execution = LocalExecution(of: definition, as: info)
        var random = SeededGenerator(seed: 1)
        var now = VirtualRun.start
        var actions = execution.start(at: now, using: &random)
        var waits = 0
        while case .sleep(let until, let point)? = actions.last {
            now = until
            waits += 1
            actions = execution.resume(point, with: .begin, at: now, using: &random)
        }
        return (execution.outcome, execution.history.map(\.event.type), waits)
    }

    @Test("has a Task's result without performing it, and the history of one that was performed")
    func result() throws {
        let run = try run(Definitions.plainTask(#", "ResultPath": "$.r""#), #"{"0": {"Return": [1]}}"#)
        #expect(run.outcome == .succeeded(#"{"a":1,"r":[1]}"#))
        #expect(
            run.types == [
                .executionStarted, .taskStateEntered, .lambdaFunctionScheduled, .lambdaFunctionStarted,
                .lambdaFunctionSucceeded, .taskStateExited, .passStateEntered, .passStateExited, .executionSucceeded,
            ]
        )
    }

    @Test("counts the attempts of a Task that is retried")
    func retries() throws {
        let retry = #", "Retry": [{"ErrorEquals": ["Busy"], "MaxAttempts": 2}]"#
        let responses = #"{"0-1": {"Throw": {"Error": "Busy", "Cause": "c"}}, "2": {"Return": "done"}}"#
        let run = try run(Definitions.plainTask(retry), responses)
        #expect(run.outcome == .succeeded(#""done""#))
        #expect(run.waits == 2)
        #expect(run.types.filter { $0 == .lambdaFunctionFailed }.count == 2)
    }

    @Test("catches what an attempt throws")
    func caught() throws {
        let handler = #", "Catch": [{"ErrorEquals": ["Busy"], "Next": "Caught"}]"#
        let run = try run(Definitions.task(handler), #"{"0": {"Throw": {"Error": "Busy", "Cause": "c"}}}"#)
        #expect(run.outcome == .succeeded(#"{"Error":"Busy","Cause":"c"}"#))
    }

    @Test("fails where the test case says nothing of an attempt")
    func exhausted() throws {
        let retry = #", "Retry": [{"ErrorEquals": ["States.ALL"]}]"#
        let run = try run(Definitions.plainTask(retry), #"{"0": {"Throw": {"Error": "Busy"}}}"#)
        guard case .failed(let failure) = run.outcome else { return #expect(run.outcome == nil) }
        #expect(failure.error == "States.Runtime")
        #expect(failure.cause?.hasSuffix("The test case 'C' has no response for attempt 1 of the state.") == true)
    }

    @Test("neither waits for a callback nor for an activity worker")
    func outside() throws {
        let callback = try run(
            Definitions.plainTask(
                #", "Parameters": {"QueueUrl": "q", "MessageBody": "m"}"#,
                resource: Definitions.callback
            ),
            #"{"0": {"Return": 1}}"#
        )
        #expect(callback.outcome == .succeeded("1"))
        #expect(
            callback.types.filter { "\($0)".hasPrefix("task") }.dropFirst() == [
                .taskScheduled, .taskStarted, .taskSubmitted, .taskSucceeded, .taskStateExited,
            ]
        )
        let activity = try run(Definitions.plainTask(resource: Definitions.activity), #"{"0": {"Return": 1}}"#)
        #expect(activity.outcome == .succeeded("1"))
        #expect(activity.types[2...4] == [.activityScheduled, .activityStarted, .activitySucceeded])
    }
}
