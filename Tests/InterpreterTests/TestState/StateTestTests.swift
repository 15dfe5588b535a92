import Interpreter
import JSON
import StatesLanguage
import Testing

@Suite("A state that is tested alone")
struct StateTestTests {
    struct Row: Sendable, CustomTestStringConvertible {
        let testDescription: String
        /// The fields of the state.
        let state: String
        var input: JSONText = #"{"a": {"b": 1}}"#
        var mock: StateTest.Mock?
        var context: JSONValue?
        var retryCount = 0
        var failedIterations: Int?
        let status: StateTest.Outcome.Status
        var output: JSONValue?
        var error: String?
        var cause: String?
        var next: String?
        /// What is shown of its steps.
        var steps: [DataFlowStep: JSONText] = [:]
        /// Retrier, catcher, and the wait before the retry.
        var handled: [Int?] = [nil, nil, nil]
    }

    static let map =
        #""Type": "Map", "End": true, "ItemProcessor": {"StartAt": "I", "States": {"I": {"Type": "Pass", "End": true}}}"#
    static let call =
        #""Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage", "Parameters": {"QueueUrl": "q", "MessageBody.$": "$.a"}"#
    static let failure = StateTest.Mock.failure(Failure(error: "E", cause: "c"))

    static let rows = [
        Row(
            testDescription: "shows each step of a Pass, and where it leads though that is not there",
            state:
                #""Type": "Pass", "InputPath": "$.a", "Parameters": {"c.$": "$.b"}, "ResultPath": "$.r", "OutputPath": "$.r", "Next": "Away""#,
            status: .succeeded,
            output: ["c": 1],
            next: "Away",
            steps: [
                .inputPath: #"{"b":1}"#, .parameters: #"{"c":1}"#, .resultSelector: #"{"c":1}"#,
                .resultPath: #"{"a":{"b":1},"r":{"c":1}}"#,
            ]
        ),
        Row(
            testDescription: "shows nothing of a Pass's input if its Result is fixed",
            state: #""Type": "Pass", "InputPath": "$.a", "Result": 7, "End": true"#,
            status: .succeeded,
            output: 7,
            steps: [.result: "7", .resultSelector: "7", .resultPath: "7"]
        ),
        Row(
            testDescription: "shows where a Choice leads",
            state:
                #""Type": "Choice", "Choices": [{"Variable": "$.a.b", "NumericEquals": 1, "Next": "One"}], "Default": "Two""#,
            status: .succeeded,
            output: ["a": ["b": 1]],
            next: "One",
            steps: [.inputPath: #"{"a": {"b": 1}}"#]
        ),
        Row(
            testDescription: "fails as a Fail says",
            state: #""Type": "Fail", "Error": "E", "CausePath": "States.Format('{}', $.a.b)""#,
            status: .failed,
            error: "E",
            cause: "1",
            steps: [.inputPath: #"{"a": {"b": 1}}"#]
        ),
        Row(
            testDescription:
                "fails by a path that finds nothing, in a cause that names no state, after what came before",
            state: #""Type": "Pass", "InputPath": "$.a", "OutputPath": "$.x", "End": true"#,
            status: .failed,
            error: "States.Runtime",
            cause: "Invalid path '$.x' : No results for path: $['x']",
            steps: [
                .inputPath: #"{"b":1}"#, .parameters: #"{"b":1}"#, .resultSelector: #"{"b":1}"#,
                .resultPath: #"{"b":1}"#,
            ]
        ),
        Row(
            testDescription: "has a Task's result from its mock, to the letter",
            state: call + #", "ResultSelector": {"id.$": "$.Id"}, "ResultPath": "$.m", "End": true"#,
            mock: .result(#"{"Id":  1}"#),
            status: .succeeded,
            output: ["a": ["b": 1], "m": ["id": 1]],
            steps: [
                .inputPath: #"{"a": {"b": 1}}"#, .parameters: #"{"QueueUrl":"q","MessageBody":{"b":1}}"#,
                .result: #"{"Id":  1}"#, .resultSelector: #"{"id":1}"#, .resultPath: #"{"a":{"b":1},"m":{"id":1}}"#,
            ]
        ),
        Row(
            testDescription: "ends a Task that waits for a token with its mock, the token in its parameters",
            state:
                #""Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage.waitForTaskToken", "Parameters": {"QueueUrl": "q", "MessageBody.$": "$$.Task.Token"}, "End": true"#,
            mock: .result("1"),
            status: .succeeded,
            output: 1,
            steps: [
                .inputPath: #"{"a": {"b": 1}}"#, .parameters: #"{"QueueUrl":"q","MessageBody":"token"}"#, .result: "1",
                .resultSelector: "1", .resultPath: "1",
            ]
        ),
        Row(
            testDescription: "reads a given context, and nothing else",
            state: #""Type": "Parallel", "Branches": [\#(branch)], "ResultSelector": {"c.$": "$$"}, "End": true"#,
            mock: .result("[1]"),
            context: ["State": ["Name": "n"]],
            status: .succeeded,
            output: ["c": ["State": ["Name": "n"]]],
            steps: [.resultSelector: #"{"c":{"State":{"Name":"n"}}}"#, .resultPath: #"{"c":{"State":{"Name":"n"}}}"#]
        ),
        Row(
            testDescription: "is retriable while its retrier has an attempt left",
            state: call
                + #", "Retry": [{"ErrorEquals": ["X"]}, {"ErrorEquals": ["E"], "MaxAttempts": 5}], "End": true"#,
            mock: failure,
            retryCount: 4,
            status: .retriable,
            error: "E",
            cause: "c",
            steps: [.inputPath: #"{"a": {"b": 1}}"#, .parameters: #"{"QueueUrl":"q","MessageBody":{"b":1}}"#],
            handled: [1, nil, 16]
        ),
        Row(
            testDescription: "fails once its retrier has none, and names the retrier",
            state: call + #", "Retry": [{"ErrorEquals": ["E"], "MaxAttempts": 5}], "End": true"#,
            mock: failure,
            retryCount: 5,
            status: .failed,
            error: "E",
            cause: "c",
            steps: [.inputPath: #"{"a": {"b": 1}}"#, .parameters: #"{"QueueUrl":"q","MessageBody":{"b":1}}"#],
            handled: [0, nil, nil]
        ),
        Row(
            testDescription: "follows its catcher, whose ResultPath is no step of its own",
            state: call
                + #", "Catch": [{"ErrorEquals": ["X"], "Next": "N"}, {"ErrorEquals": ["E"], "ResultPath": "$.e", "Next": "C"}], "End": true"#,
            mock: failure,
            status: .caughtError,
            output: ["a": ["b": 1], "e": ["Error": "E", "Cause": "c"]],
            error: "E",
            cause: "c",
            next: "C",
            steps: [.inputPath: #"{"a": {"b": 1}}"#, .parameters: #"{"QueueUrl":"q","MessageBody":{"b":1}}"#],
            handled: [nil, 1, nil]
        ),
        Row(
            testDescription: "shows a Map's items and the inputs of its iterations, with blanks between them",
            state: map + #", "ItemsPath": "$.i", "ItemSelector": {"v.$": "$$.Map.Item.Value"}"#,
            input: #"{"i": ["x", {"y":  2}]}"#,
            mock: .result("[1, 2]"),
            status: .succeeded,
            output: [1, 2],
            steps: [
                .inputPath: #"{"i": ["x", {"y":  2}]}"#, .itemsPath: #"["x", {"y":2}]"#,
                .itemSelector: #"[{"v":"x"}, {"v":{"y":2}}]"#, .resultSelector: "[1, 2]", .resultPath: "[1, 2]",
            ]
        ),
        Row(
            testDescription: "fails a Map if more iterations failed than it tolerates",
            state: map + #", "ToleratedFailureCount": 1, "Retry": [{"ErrorEquals": ["States.ALL"]}]"#,
            input: "[1, 2, 3]",
            mock: .result("[0, 0, 1]"),
            failedIterations: 2,
            status: .retriable,
            error: "States.ExceedToleratedFailureThreshold",
            cause: "The specified tolerated failure threshold was exceeded",
            steps: [.inputPath: "[1, 2, 3]", .itemsPath: "[1, 2, 3]"],
            handled: [0, nil, 1]
        ),
        Row(
            testDescription: "counts no failed iterations of a Map that has no threshold",
            state: map,
            input: "[1]",
            mock: .result("[0]"),
            failedIterations: 1,
            status: .succeeded,
            output: [0],
            steps: [.inputPath: "[1]", .itemsPath: "[1]", .resultSelector: "[0]", .resultPath: "[0]"]
        ),
        Row(
            testDescription: "fails by items that are none, before its mock",
            state: map + #", "ItemsPath": "$$.Execution.Input""#,
            mock: .result("[]"),
            context: ["Execution": ["Input": 1]],
            status: .failed,
            error: "States.Runtime",
            cause: #"Reference path "$.Execution.Input" must point to array."#,
            steps: [.inputPath: #"{"a": {"b": 1}}"#]
        ),
    ]

    static let branch = #"{"StartAt": "B", "States": {"B": {"Type": "Pass", "End": true}}}"#

    @Test("ends as it would in an execution", arguments: rows)
    func outcome(_ row: Row) throws {
        var test = try Self.test(
            row.state,
            StateTest.Conditions(
                input: row.input,
                mock: row.mock,
                context: row.context,
                retryCount: row.retryCount,
                failedIterations: row.failedIterations
            )
        )
        var random = SeededGenerator(seed: 1)
        guard case .ended(let outcome) = try test.begin(at: VirtualRun.start, using: &random) else {
            Issue.record("It has not ended.")
            return
        }
        #expect(outcome.status == row.status)
        #expect(outcome.output?.value == row.output)
        #expect(outcome.failure?.error == row.error)
        #expect(outcome.failure?.cause == row.cause)
        #expect(outcome.nextState == row.next)
        #expect(outcome.inspection.steps.mapValues(\.text) == row.steps.mapValues(\.text))
        let delay = outcome.inspection.retryDelay.map { Int($0 / .seconds(1)) }
        #expect([outcome.inspection.retryIndex, outcome.inspection.catchIndex, delay] == row.handled)
    }

    @Test("has its Task performed if there is no mock, and goes on with what came of it")
    func performed() throws {
        var test = try Self.test(Self.call + #", "OutputPath": "$.x", "End": true"#, .init(input: #"{"a":1}"#))
        var random = SeededGenerator(seed: 1)
        guard case .perform(let request) = try test.begin(at: VirtualRun.start, using: &random) else {
            Issue.record("Nothing is to be performed.")
            return
        }
        #expect(request.input == #"{"QueueUrl":"q","MessageBody":1}"#)
        let step = try test.resume(with: .succeeded(#"{"x":2}"#), at: VirtualRun.start, using: &random)
        guard case .ended(let outcome) = step else {
            Issue.record("It has not ended.")
            return
        }
        #expect(outcome.output == "2")
        #expect(outcome.inspection.steps[.result] == #"{"x":2}"#)
    }

    @Test("waits until the time of a Wait, then leaves it")
    func waited() throws {
        var test = try Self.test(#""Type": "Wait", "Seconds": 5, "Next": "Away""#, .init(input: "1"))
        var random = SeededGenerator(seed: 1)
        let end = VirtualRun.start + .seconds(5)
        guard case .wait(let until) = try test.begin(at: VirtualRun.start, using: &random), until == end else {
            Issue.record("It does not wait.")
            return
        }
        guard case .ended(let outcome) = try test.resume(with: .begin, at: until, using: &random) else {
            Issue.record("It has not ended.")
            return
        }
        #expect(outcome.status == .succeeded && outcome.output == "1" && outcome.nextState == "Away")
    }

    @Test("refuses more failed iterations than there are")
    func tooManyFailures() throws {
        var test = try Self.test(Self.map, .init(input: "[1]", mock: .result("[0]"), failedIterations: 2))
        var random = SeededGenerator(seed: 1)
        #expect(throws: StateTest.Misfit.moreFailuresThanIterations) {
            try test.begin(at: VirtualRun.start, using: &random)
        }
    }

    @Test("stands in the context of an Express execution, under the name that AWS gives it (recorded)")
    func context() throws {
        var test = try Self.test(
            #""Type": "Pass", "Parameters": {"c.$": "$$", "v.$": "$v"}, "End": true"#,
            .init(input: "1", variables: ["v": 2])
        )
        var random = SeededGenerator(seed: 1)
        guard case .ended(let outcome) = try test.begin(at: VirtualRun.start, using: &random) else {
            Issue.record("It has not ended.")
            return
        }
        let context: JSONValue = [
            "Execution": [
                "Id": "arn:aws:states:us-east-1:111111111111:execution:machine:execution", "Input": "{}",
                "Name": "execution", "RoleArn": "arn:aws:iam::111111111111:role/r", "StartTime": "2024-05-01T10:00:00Z",
            ],
            "StateMachine": [
                "Id": "arn:aws:states:us-east-1:111111111111:stateMachine:machine", "Name": "machine",
            ],
            "State": ["Name": "StateName", "EnteredTime": "2024-05-01T10:00:00Z"],
        ]
        #expect(outcome.output?.value["v"] == 2)
        #expect(outcome.output?.value["c"]?["State"] == context["State"])
        #expect(outcome.output?.value["c"]?["StateMachine"] == context["StateMachine"])
        #expect(outcome.output?.value["c"]?["Execution"]?["RedriveCount"] == nil)
    }

    private static func test(_ fields: String, _ conditions: StateTest.Conditions) throws -> StateTest {
        let definition = try StateMachineDefinition(parsingState: "{\(fields)}", named: StateTest.stateName)
        return StateTest(
            of: try #require(definition.state(named: StateTest.stateName)),
            by: Interpreter(definition: definition),
            on: conditions,
            in: Executions.info(),
            token: "token"
        )
    }
}
