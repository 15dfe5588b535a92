import JSON
import StatesLanguage
import Testing

@testable import BraidCommand

@Suite("A review of a definition")
struct DefinitionReviewTests {
    let folder: ScratchFolder

    init() throws { folder = try ScratchFolder() }

    private func lines(_ text: String, name: String = "m.json") throws -> [String] {
        let path = try folder.file(name, text)
        let definition = try #require(try DefinitionFile().read(path).first)
        let review = DefinitionReview(of: definition, type: .standard)
        return review.lines(Transcript().output).map { String($0.dropFirst(folder.path.count + 1)) }
    }

    struct Row: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let text: String
        let line: String
    }

    static let rows = [
        Row(
            testDescription: "a state that leads nowhere",
            text: """
                {
                  "StartAt": "A",
                  "States": {
                    "A": {"Type": "Pass"},
                    "B": {"Type": "Succeed"}
                  }
                }
                """,
            line: """
                m.json:4:5: error: SCHEMA_VALIDATION_FAILED: This object should have only one of the following fields: \
                [Next, End] (/States/A)
                  hint: the state has neither
                """
        ),
        Row(
            testDescription: "a field that is misspelt",
            text: #"{"StartsAt": "A", "States": {"A": {"Type": "Succeed"}}}"#,
            line: """
                m.json:1:1: error: SCHEMA_VALIDATION_FAILED: Field 'StartsAt' is not supported (/)
                  hint: did you mean 'StartAt'?
                """
        ),
        Row(
            testDescription: "a Resource whose ${NAME} nothing stands for",
            text: #"{"StartAt": "A", "States": {"A": {"Type": "Task", "Resource": "${Bank}", "End": true}}}"#,
            line: """
                m.json:1:51: error: SCHEMA_VALIDATION_FAILED: Value is not a valid resource ARN (/States/A/Resource)
                  hint: nothing stands for ${Bank}; give --substitute Bank=VALUE
                """
        ),
        Row(
            testDescription: "an integration without a driver",
            text: #"""
                {"StartAt": "A", "States": {"A": {"Type": "Parallel", "End": true, "Branches": [{"StartAt": "B", "States": {
                "B": {"Type": "Task", "End": true,
                  "Resource": "arn:aws:states:::sqs:sendMessage", "Parameters": {"QueueUrl": "u", "MessageBody": "b"}}}}]}}}
                """#,
            line: """
                m.json:3:3: warning: NO_DRIVER: nothing in Braid performs arn:aws:states:::sqs:sendMessage: the Task will \
                fail with States.TaskFailed (/States/A/Branches/0/States/B/Resource)
                """
        ),
    ]

    @Test("tells the line of", arguments: rows)
    func place(_ row: Row) throws { #expect(try lines(row.text).contains(row.line)) }

    @Test("says of a Choice rule that compares nothing how rules are combined, too")
    func choice() throws {
        let text = """
            {"StartAt": "C", "States": {"C": {"Type": "Choice", "Choices": [{"Variable": "$.x", "Next": "E"}]},
             "E": {"Type": "Succeed"}}}
            """
        #expect(try lines(text).contains { $0.contains("'And', 'Or' and 'Not'") })
    }

    @Test("finds the lines of YAML, too")
    func yaml() throws {
        let text = "StartAt: A\nStates:\n  A:\n    Type: Pass\n    Nxt: B\n"
        #expect(try lines(text, name: "m.yaml").contains { $0.hasPrefix("m.yaml:3:3: error: ") })
    }

    @Test("has functions, activities, Step Functions itself and objects for performed")
    func drivers() {
        let texts = [
            "arn:aws:lambda:us-east-1:1:function:f", "arn:aws:states:us-east-1:1:activity:a",
            "arn:aws:states:::lambda:invoke.waitForTaskToken", "arn:aws:states:::states:startExecution.sync:2",
            "arn:aws:states:::aws-sdk:sfn:listStateMachines", "arn:aws:states:::http:invoke",
            "arn:aws:states:::aws-sdk:lambda:invoke", "arn:aws:states:::aws-sdk:s3:getObject",
            "arn:aws:states:::aws-sdk:s3:putBucketPolicy",
        ]
        let expected = [true, true, true, true, true, false, false, true, false]
        #expect(texts.map { Resource(parsing: $0)?.hasDriver } == expected)
    }
}
