import StatesLanguage
import Testing

@Suite("A Task is refused")
struct TaskMistakesTests {
    static func resource(_ arn: String, _ fields: String = #""Parameters": {}"#) -> String {
        #"{"Type": "Task", "Resource": "\#(arn)", \#(fields), "End": true}"#
    }

    static func unrecognised(_ arn: String) -> String {
        "SCHEMA_VALIDATION_FAILED: The resource provided \(arn) is not recognized. The value is not a valid resource ARN, or the "
            + "resource is not available in this region. at /States/X/Resource"
    }

    static let resources = [
        Mistake(
            "without Resource",
            state: #"{"Type": "Task", "End": true}"#,
            "SCHEMA_VALIDATION_FAILED: These fields are required: [Resource] at /States/X"
        ),
        Mistake(
            "if its resource is not an ARN",
            state: resource("${Function}"),
            "SCHEMA_VALIDATION_FAILED: Value is not a valid resource ARN at /States/X/Resource"
        ),
        Mistake(
            "if nothing has such an ARN",
            state: resource("arn:aws:s3:::bucket"),
            unrecognised("arn:aws:s3:::bucket")
        ),
        Mistake(
            "if a service has no such action",
            state: resource("arn:aws:states:::dynamodb:query"),
            unrecognised("arn:aws:states:::dynamodb:query")
        ),
        Mistake(
            "if a service cannot be waited for",
            state: resource("arn:aws:states:::lambda:invoke.sync"),
            unrecognised("arn:aws:states:::lambda:invoke.sync")
        ),
        Mistake(
            "if a service takes no token",
            state: resource("arn:aws:states:::dynamodb:putItem.waitForTaskToken"),
            unrecognised("arn:aws:states:::dynamodb:putItem.waitForTaskToken")
        ),
        Mistake(
            "if only nested executions have the pattern",
            state: resource("arn:aws:states:::batch:submitJob.sync:2"),
            unrecognised("arn:aws:states:::batch:submitJob.sync:2")
        ),
        Mistake(
            "if a service is called with nothing",
            state: resource("arn:aws:states:::lambda:invoke", #""Comment": """#),
            "SCHEMA_VALIDATION_FAILED: Parameters field is required for resource ARN: arn:aws:states:::lambda:invoke at /States/X"
        ),
        Mistake(
            "if a service is called without what it needs",
            state: resource("arn:aws:states:::sqs:sendMessage", #""Parameters": {"QueueUrl.$": "$.q"}"#),
            "SCHEMA_VALIDATION_FAILED: The field 'MessageBody' is required but was missing at /States/X/Parameters"
        ),
        Mistake(
            "if an Express machine waits for a job",
            state: resource("arn:aws:states:::batch:submitJob.sync"),
            type: .express,
            "SCHEMA_VALIDATION_FAILED: Express state machine does not support '.sync' service integration at /States/X/Resource"
        ),
        Mistake(
            "if an Express machine waits for a token",
            state: resource("arn:aws:states:::aws-sdk:s3:listBuckets.waitForTaskToken"),
            type: .express,
            "SCHEMA_VALIDATION_FAILED: Express state machine does not support '.waitForTaskToken' service integration  "
                + "at /States/X/Resource"
        ),
        Mistake(
            "if an Express machine has an activity",
            state: resource("arn:aws:states:us-east-1:123456789012:activity:a"),
            type: .express,
            "SCHEMA_VALIDATION_FAILED: Express state machine does not support Activity ARN at /States/X/Resource"
        ),
        Mistake(
            "if an activity is given credentials",
            state: resource(
                "arn:aws:states:us-east-1:123456789012:activity:a",
                #""Credentials": {"RoleArn": "arn:aws:iam::1:role/r"}"#
            ),
            "SCHEMA_VALIDATION_FAILED: The field 'Credentials' is not supported for activities at /States/X/Credentials"
        ),
        Mistake(
            "with credentials that lack the role",
            task: #""Credentials": {}"#,
            "SCHEMA_VALIDATION_FAILED: The field 'RoleArn' is required but was missing at /States/X/Credentials"
        ),
        Mistake(
            "with a timeout of nothing",
            task: #""TimeoutSeconds": 0"#,
            "SCHEMA_VALIDATION_FAILED: Minimum value is 1 at /States/X/TimeoutSeconds"
        ),
        Mistake(
            "with a timeout in both forms",
            task: #""TimeoutSeconds": 1, "TimeoutSecondsPath": "$.t""#,
            "SCHEMA_VALIDATION_FAILED: There should only be one of the following fields: [TimeoutSeconds, TimeoutSecondsPath] at /States/X"
        ),
        Mistake(
            "with a timeout that is not a number",
            task: #""TimeoutSeconds": "60""#,
            "SCHEMA_VALIDATION_FAILED: Expected value of type Integer at /States/X/TimeoutSeconds"
        ),
        Mistake(
            "with heartbeats as rare as its timeout",
            task: #""TimeoutSeconds": 5, "HeartbeatSeconds": 5"#,
            "SCHEMA_VALIDATION_FAILED: The value of 'HeartbeatSeconds' must be smaller than that of 'TimeoutSeconds' "
                + "at /States/X/HeartbeatSeconds"
        ),
    ]

    static let handlers = [
        Mistake(
            "if Retry is not an array",
            task: #""Retry": {}"#,
            "SCHEMA_VALIDATION_FAILED: Expected value of type Array at /States/X/Retry"
        ),
        Mistake(
            "with a retrier for nothing",
            task: #""Retry": [{"MaxAttempts": 1}]"#,
            "SCHEMA_VALIDATION_FAILED: These fields are required: [ErrorEquals] at /States/X/Retry[0]"
        ),
        Mistake(
            "with a retrier for an empty list",
            task: #""Retry": [{"ErrorEquals": []}]"#,
            "SCHEMA_VALIDATION_FAILED: Value cannot be empty at /States/X/Retry[0]/ErrorEquals"
        ),
        Mistake(
            "with an error's name that is not a string",
            task: #""Retry": [{"ErrorEquals": [1]}]"#,
            "SCHEMA_VALIDATION_FAILED: Expected value of type String at /States/X/Retry[0]/ErrorEquals[0]"
        ),
        Mistake(
            "if States.ALL does not stand alone",
            task: #""Retry": [{"ErrorEquals": ["States.ALL", "E"]}]"#,
            "SCHEMA_VALIDATION_FAILED: States.ALL must appear alone and at end of list at /States/X/Retry[0]/ErrorEquals"
        ),
        Mistake(
            "if States.ALL is not last",
            task: #""Retry": [{"ErrorEquals": ["States.ALL"]}, {"ErrorEquals": ["E"]}]"#,
            "SCHEMA_VALIDATION_FAILED: States.ALL must appear alone and at end of list at /States/X/Retry[0]/ErrorEquals"
        ),
        Mistake(
            "with fewer attempts than none",
            task: #""Retry": [{"ErrorEquals": ["E"], "MaxAttempts": -1}]"#,
            "SCHEMA_VALIDATION_FAILED: Minimum value is 0 at /States/X/Retry[0]/MaxAttempts"
        ),
        Mistake(
            "with waits that shrink",
            task: #""Retry": [{"ErrorEquals": ["E"], "BackoffRate": 0.5}]"#,
            "SCHEMA_VALIDATION_FAILED: Minimum value is 1 at /States/X/Retry[0]/BackoffRate"
        ),
        Mistake(
            "with a greatest delay of more than 366 days",
            task: #""Retry": [{"ErrorEquals": ["E"], "MaxDelaySeconds": 31622401}]"#,
            "SCHEMA_VALIDATION_FAILED: Maximum value is 31622400 at /States/X/Retry[0]/MaxDelaySeconds"
        ),
        Mistake(
            "with an unknown jitter",
            task: #""Retry": [{"ErrorEquals": ["E"], "JitterStrategy": "HALF"}]"#,
            "SCHEMA_VALIDATION_FAILED: Value should be one of the following: [NONE, FULL] at /States/X/Retry[0]/JitterStrategy"
        ),
        Mistake(
            "with a retrier's unknown field",
            task: #""Retry": [{"ErrorEquals": ["E"], "Next": "X"}]"#,
            "SCHEMA_VALIDATION_FAILED: Field 'Next' is not supported at /States/X/Retry[0]"
        ),
        Mistake(
            "with a catcher that leads nowhere",
            task: #""Catch": [{"ErrorEquals": ["E"]}]"#,
            "SCHEMA_VALIDATION_FAILED: These fields are required: [Next] at /States/X/Catch[0]"
        ),
        Mistake(
            "with a catcher that leads to no state",
            task: #""Catch": [{"ErrorEquals": ["States.ALL"], "Next": "Ghost"}]"#,
            "MISSING_TRANSITION_TARGET: Missing 'Next' target: Ghost at /States/X/Catch[0]/Next"
        ),
        Mistake(
            "with a catcher's path to several places",
            task: #""Catch": [{"ErrorEquals": ["E"], "Next": "X", "ResultPath": "$.*"}]"#,
            "SCHEMA_VALIDATION_FAILED: Value is not a Reference Path: '$.*' may lead to more than one place "
                + "at /States/X/Catch[0]/ResultPath"
        ),
        Mistake(
            "with a catcher's field of JSONata",
            task: #""Catch": [{"ErrorEquals": ["E"], "Next": "X", "Output": 1}]"#,
            "SCHEMA_VALIDATION_FAILED: The QueryLanguage is set to 'JSONPath', but field 'Output' is only supported for the "
                + "'JSONata' QueryLanguage at /States/X/Catch[0]"
        ),
    ]

    @Test(arguments: resources + handlers)
    func mistake(_ mistake: Mistake) { mistake.check() }
}
