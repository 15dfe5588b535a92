import JSON
import Testing

@testable import API

@Suite("A member that does not meet its constraint")
struct ConstraintTests {
    struct Row: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let action: String
        let members: JSONObject
        let message: String
    }

    static let rows = [
        Row(
            testDescription: "is too large a number (recorded)",
            action: "ListStateMachines",
            members: ["maxResults": 1001],
            message:
                "1 validation error detected: Value '1001' at 'maxResults' failed to satisfy constraint: Member must have value less than or equal to 1000"
        ),
        Row(
            testDescription: "is too small a number",
            action: "ListStateMachines",
            members: ["maxResults": -1],
            message:
                "1 validation error detected: Value '-1' at 'maxResults' failed to satisfy constraint: Member must have value greater than or equal to 0"
        ),
        Row(
            testDescription: "is no word of its enumeration (recorded)",
            action: "ListExecutions",
            members: ["stateMachineArn": .string(Requests.machine), "statusFilter": "succeeded"],
            message:
                "1 validation error detected: Value 'succeeded' at 'statusFilter' failed to satisfy constraint: Member must satisfy enum value set: [SUCCEEDED, TIMED_OUT, PENDING_REDRIVE, ABORTED, FAILED, RUNNING]"
        ),
        Row(
            testDescription: "is missing",
            action: "DescribeExecution",
            members: [:],
            message:
                "1 validation error detected: Value null at 'executionArn' failed to satisfy constraint: Member must not be null"
        ),
        Row(
            testDescription: "is one of several",
            action: "StopExecution",
            members: ["executionArn": "", "error": .string(String(repeating: "x", count: 257))],
            message:
                "2 validation errors detected: Value '' at 'executionArn' failed to satisfy constraint: Member must have length greater than or equal to 1; Value at 'error' failed to satisfy constraint: Member must have length less than or equal to 256"
        ),
        Row(
            testDescription: "is deep inside",
            action: "CreateStateMachine",
            members: [
                "name": "a", "definition": .string(Requests.definition), "roleArn": "r",
                "loggingConfiguration": [
                    "level": "LOUD", "destinations": [["cloudWatchLogsLogGroup": ["logGroupArn": ""]]],
                ],
            ],
            message:
                "2 validation errors detected: Value 'LOUD' at 'loggingConfiguration.level' failed to satisfy constraint: Member must satisfy enum value set: [ALL, ERROR, FATAL, OFF]; Value '' at 'loggingConfiguration.destinations.1.member.cloudWatchLogsLogGroup.logGroupArn' failed to satisfy constraint: Member must have length greater than or equal to 1"
        ),
        Row(
            testDescription: "is too long a name (recorded for aliases)",
            action: "StartExecution",
            members: [
                "stateMachineArn": .string(Requests.machine), "name": .string(String(repeating: "A", count: 81)),
            ],
            message:
                "1 validation error detected: Value '\(String(repeating: "A", count: 81))' at 'name' failed to satisfy constraint: Member must have length less than or equal to 80"
        ),
    ]

    @Test("is named in AWS's words", arguments: rows)
    func message(_ row: Row) {
        let error = Requests.refusal(of: row.action, row.members)
        #expect(error?.name == "ValidationException")
        #expect(error?.message == row.message)
    }
}
