import JSON
import Testing

@testable import API

/// Messages are AWS's, recorded, where the row does not say that they are Braid's.
@Suite("A test of a state")
struct TestStateRefusalTests {
    struct Row: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let definition: String
        var members: JSONObject = [:]
        var name = "ValidationException"
        let message: String
    }

    private static let pass = #"{"Type": "Pass", "End": true}"#
    private static let machine = #"{"StartAt": "A", "States": {"A": {"Type": "Pass", "End": true}}}"#
    private static let parallel =
        #"{"Type": "Parallel", "Branches": [{"StartAt": "B", "States": {"B": {"Type": "Pass", "End": true}}}], "End": true}"#
    private static let task = TestStateTests.task("")
    private static let callback = TestStateTests.task("", resource: "arn:aws:states:::lambda:invoke.waitForTaskToken")
    private static let mock: JSONValue = ["result": "{}"]

    private static func context(_ text: String) -> JSONObject { ["context": .string(text), "mock": mock] }

    static let rows = [
        Row(
            testDescription: "of a type that there is not",
            definition: #"{"Type": "Nap", "End": true}"#,
            name: "InvalidDefinition",
            message:
                "Invalid State Machine Definition: 'SCHEMA_VALIDATION_FAILED: The field 'Type' should have one of these values: [Task, Wait, Pass, Succeed, Fail, Choice, Parallel, Map] at /States/StateName/Type'"
        ),
        Row(
            testDescription: "with a member twice",
            definition: #"{"Type": "Pass", "Type": "Pass", "End": true}"#,
            name: "InvalidDefinition",
            message:
                "Invalid State Machine Definition: 'INVALID_JSON_DESCRIPTION: Duplicate field 'Type' (line 1, column 18) at /States/StateName/Type'"
        ),
        Row(
            testDescription: "in JSONata, with an expression that reads what is not there",
            definition: #"{"Type": "Pass", "QueryLanguage": "JSONata", "Output": "{% $states.result %}", "End": true}"#,
            name: "InvalidDefinition",
            message:
                "Invalid State Machine Definition: 'UNSUPPORTED_JSONATA_EXPRESSION: Field '$states.result' does not exist. at /States/StateName/Output'"
        ),
        Row(
            testDescription: "that its machine does not have",
            definition: machine,
            members: ["stateName": "B"],
            message: "State not found in definition"
        ),
        Row(
            testDescription: "that takes no mock",
            definition: pass,
            members: ["mock": mock],
            message: "State type 'Pass' is not supported when a mock is specified"
        ),
        Row(
            testDescription: "of several branches without a mock",
            definition: parallel,
            name: "InvalidDefinition",
            message:
                "TestState API does not support Map or Parallel states. Supported state types include: [Task, Wait, Pass, Succeed, Fail, Choice]"
        ),
        Row(
            testDescription: "that waits for a token without a mock (Braid's words)",
            definition: callback,
            members: ["roleArn": "arn:aws:iam::1:role/r"],
            name: "InvalidDefinition",
            message:
                "TestState API supports Activity tasks and the '.sync' and '.waitForTaskToken' service integration patterns only when a mock is specified"
        ),
        Row(
            testDescription: "that performs a Task without a role",
            definition: task,
            message: "RoleArn must be specified when testing a Task state"
        ),
        Row(
            testDescription: "that would reveal a mock's secrets",
            definition: task,
            members: ["mock": mock, "revealSecrets": true],
            message: "TestState does not support RevealSecrets when a mock is specified."
        ),
        Row(
            testDescription: "with a mock that both succeeds and fails",
            definition: task,
            members: ["mock": ["result": "{}", "errorOutput": ["error": "E"]]],
            message: "A test mock should have only one of the following fields: [result, errorOutput]."
        ),
        Row(
            testDescription: "with a mock that is not JSON, however loosely it is held",
            definition: task,
            members: ["mock": ["result": "not JSON", "fieldValidationMode": "NONE"]],
            message: "Mocked result must be valid JSON"
        ),
        Row(
            testDescription: "of branches with a mock that is no array",
            definition: parallel,
            members: ["mock": mock],
            message: "Mocked result must be an array."
        ),
        Row(
            testDescription: "of branches with a mock of another length",
            definition: parallel,
            members: ["mock": ["result": "[1, 2]"]],
            message: "Mocked result must contain the same number of items as number of Parallel branches."
        ),
        Row(
            testDescription: "with a mock that the service would not answer",
            definition: task,
            members: ["mock": ["result": #"{"StatusCode": "200"}"#]],
            message: "Mock result schema validation error: Field 'StatusCode' must be a number"
        ),
        Row(
            testDescription: "with a context, but no mock (Braid's words)",
            definition: pass,
            members: ["context": "{}"],
            message: "A Context object can only be specified when a mock is specified."
        ),
        Row(
            testDescription: "in a context of a Map's item",
            definition: task,
            members: context(#"{"Map": {}}"#),
            message:
                "Invalid Context object provided: 'Map' field is not supported when mocking a Context object"
        ),
        Row(
            testDescription: "in a context with an unknown part",
            definition: task,
            members: context(#"{"Pokedex": {}}"#),
            message: "Invalid Context object provided: Field 'Pokedex' is not allowed"
        ),
        Row(
            testDescription: "in a context with an unknown member",
            definition: task,
            members: context(#"{"Execution": {"pokemon": 1}}"#),
            message: "Invalid Context object provided: Field 'pokemon' is not allowed"
        ),
        Row(
            testDescription: "in a context with a member of another type",
            definition: task,
            members: context(#"{"Execution": {"Id": 1}}"#),
            message: "Invalid Context object provided: Execution.Id must be a string"
        ),
        Row(
            testDescription: "in a context with a token that the state does not wait for",
            definition: task,
            members: context(#"{"Task": {"Token": "t"}}"#),
            message:
                "Invalid Context object provided: Context object contains 'Task' when state is not a Task state with a '.sync' or '.waitForTaskToken' service integration pattern"
        ),
        Row(
            testDescription: "whose error comes from a state that is not inside it (Braid's rule)",
            definition: parallel,
            members: ["mock": ["errorOutput": ["error": "E"]], "stateConfiguration": ["errorCausedByState": "C"]],
            message: "State not found in definition"
        ),
        Row(
            testDescription: "with variables that are none (Braid's words)",
            definition: pass,
            members: ["variables": "[]"],
            message: "Variables must be a JSON object."
        ),
        Row(
            testDescription: "with a count below zero",
            definition: task,
            members: ["mock": mock, "stateConfiguration": ["retrierRetryCount": -1]],
            message:
                "1 validation error detected: Value '-1' at 'stateConfiguration.retrierRetryCount' failed to satisfy constraint: Member must have value greater than or equal to 0"
        ),
    ]

    @Test("is refused in AWS's words", arguments: rows)
    func refused(_ row: Row) {
        var members = row.members
        members["definition"] = .string(row.definition)
        let error = Requests.refusal(of: "TestState", members)
        #expect(error?.name == row.name)
        #expect(error?.message == row.message)
    }

    @Test("is not refused for what its mock or context leaves out")
    func accepted() {
        for context in ["{}", #"{"Execution": {}, "State": {}, "StateMachine": {}}"#] {
            var members = Self.context(context)
            members["definition"] = .string(Self.task)
            #expect(Requests.refusal(of: "TestState", members) == nil)
        }
        let token: JSONObject = [
            "definition": .string(Self.callback), "context": #"{"Task": {"Token": "t"}}"#, "mock": ["result": "1"],
        ]
        #expect(Requests.refusal(of: "TestState", token) == nil)
        let inner: JSONObject = [
            "definition": .string(Self.parallel), "mock": ["errorOutput": ["error": "E"]],
            "stateConfiguration": ["errorCausedByState": "B"],
        ]
        #expect(Requests.refusal(of: "TestState", inner) == nil)
    }
}
