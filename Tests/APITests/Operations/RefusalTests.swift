import JSON
import Testing

@testable import API

/// What is refused before anything is looked up.
@Suite("A request that cannot be done")
struct RefusalTests {
    struct Row: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let action: String
        let members: JSONObject
        let name: String
        let message: String
    }

    private static func create(_ changes: JSONObject) -> JSONObject {
        var members: JSONObject = [
            "name": "Orders", "definition": .string(Requests.definition), "roleArn": "arn:aws:iam::1:role/r",
        ]
        for (name, value) in changes { members[name] = value }
        return members
    }

    private static let machine: JSONObject = ["stateMachineArn": .string(Requests.machine)]

    static let rows = [
        Row(
            testDescription: "creates a machine of a name that may not be",
            action: "CreateStateMachine",
            members: create(["name": "a b"]),
            name: "InvalidName",
            message: "Invalid Name: 'a b'"
        ),
        Row(
            testDescription: "creates a machine without states",
            action: "CreateStateMachine",
            members: create(["definition": #"{"StartAt":"A"}"#]),
            name: "InvalidDefinition",
            message:
                "Invalid State Machine Definition: 'SCHEMA_VALIDATION_FAILED: These fields are required: [States] at /'"
        ),
        Row(
            testDescription: "logs at a level without a destination (recorded)",
            action: "CreateStateMachine",
            members: create(["loggingConfiguration": ["level": "FATAL"]]),
            name: "InvalidLoggingConfiguration",
            message: "Invalid Logging Configuration: Must specify exactly one Log Destination."
        ),
        Row(
            testDescription: "describes a version that it does not publish (recorded)",
            action: "CreateStateMachine",
            members: create(["versionDescription": "first"]),
            name: "ValidationException",
            message: "Version description can only be set when publish is true"
        ),
        Row(
            testDescription: "brings a key of its own",
            action: "CreateStateMachine",
            members: create(["encryptionConfiguration": ["type": "CUSTOMER_MANAGED_KMS_KEY", "kmsKeyId": "k"]]),
            name: "InvalidEncryptionConfiguration",
            message: "Invalid Encryption Configuration: Braid does not encrypt with customer managed keys."
        ),
        Row(
            testDescription: "updates nothing",
            action: "UpdateStateMachine",
            members: machine,
            name: "MissingRequiredParameter",
            message:
                "Either the definition, the role ARN, the LoggingConfiguration, or the TracingConfiguration must be specified"
        ),
        Row(
            testDescription: "starts with an input that is not JSON",
            action: "StartExecution",
            members: ["stateMachineArn": .string(Requests.machine), "input": "{hello}"],
            name: "InvalidExecutionInput",
            message:
                "Invalid State Machine Execution Input: 'expected a member's name (line 1, column 2)'"
        ),
        Row(
            testDescription: "starts under a name that may not be",
            action: "StartExecution",
            members: ["stateMachineArn": .string(Requests.machine), "name": "a/b"],
            name: "InvalidName",
            message: "Invalid Name: 'a/b'"
        ),
        Row(
            testDescription: "stops with a cause that cannot be kept",
            action: "StopExecution",
            members: ["executionArn": .string(Requests.execution), "cause": "a\0b"],
            name: "ValidationException",
            message:
                "1 validation error detected: Value at 'cause' failed to satisfy constraint: Member must not contain the character U+0000"
        ),
        Row(
            testDescription: "lists executions of both a machine and a map run",
            action: "ListExecutions",
            members: ["stateMachineArn": .string(Requests.machine), "mapRunArn": "arn"],
            name: "ValidationException",
            message: "Must specify exactly one of 'stateMachineArn' or 'mapRunArn'"
        ),
    ]

    @Test("says why in AWS's words", arguments: rows)
    func refused(_ row: Row) {
        let error = Requests.refusal(of: row.action, row.members)
        #expect(error?.name == row.name)
        #expect(error?.message == row.message)
    }

    @Test("is not one that only leaves out what has a default")
    func accepted() {
        #expect(Requests.refusal(of: "CreateStateMachine", Self.create(["loggingConfiguration": [:]])) == nil)
        #expect(Requests.refusal(of: "CreateStateMachine", Self.create(["tags": [], "publish": false])) == nil)
        #expect(Requests.refusal(of: "StartExecution", Self.machine) == nil)
        #expect(Requests.refusal(of: "GetExecutionHistory", ["executionArn": .string(Requests.execution)]) == nil)
    }
}
