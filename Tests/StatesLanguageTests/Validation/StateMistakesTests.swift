import StatesLanguage
import Testing

@Suite("A state is refused")
struct StateMistakesTests {
    static let graph = #"{"StartAt": "I", "States": {"I": {"Type": "Pass", "End": true}}}"#

    static let fields = [
        Mistake(
            "without Type",
            state: #"{"End": true}"#,
            "SCHEMA_VALIDATION_FAILED: These fields are required: [Type] at /States/X"
        ),
        Mistake(
            "with a field of another type",
            state: #"{"Type": "Pass", "TimeoutSeconds": 5, "End": true}"#,
            "SCHEMA_VALIDATION_FAILED: Field 'TimeoutSeconds' is not supported at /States/X"
        ),
        Mistake(
            "with a comment that is not a string",
            state: #"{"Type": "Pass", "Comment": 5, "End": true}"#,
            "SCHEMA_VALIDATION_FAILED: Expected value of type String at /States/X/Comment"
        ),
        Mistake(
            "with neither Next nor End",
            state: #"{"Type": "Pass"}"#,
            "SCHEMA_VALIDATION_FAILED: This object should have only one of the following fields: [Next, End] at /States/X"
        ),
        Mistake(
            "with both Next and End",
            state: #"{"Type": "Pass", "Next": "X", "End": true}"#,
            "SCHEMA_VALIDATION_FAILED: There should only be one of the following fields: [Next, End] at /States/X"
        ),
        Mistake(
            "if End is not a boolean",
            state: #"{"Type": "Pass", "End": "true"}"#,
            "SCHEMA_VALIDATION_FAILED: Expected value of type Boolean at /States/X/End"
        ),
        Mistake(
            "with a field of JSONata",
            state: #"{"Type": "Pass", "Output": 1, "End": true}"#,
            "SCHEMA_VALIDATION_FAILED: The QueryLanguage is set to 'JSONPath', but field 'Output' is only supported for the "
                + "'JSONata' QueryLanguage at /States/X"
        ),
        Mistake(
            "in JSONata with a field of JSONPath",
            state: #"{"Type": "Pass", "QueryLanguage": "JSONata", "InputPath": "$", "End": true}"#,
            "SCHEMA_VALIDATION_FAILED: The QueryLanguage is set to 'JSONata', but field 'InputPath' is only supported for the "
                + "'JSONPath' QueryLanguage at /States/X"
        ),
        Mistake(
            "in JSONPath where the machine is in JSONata",
            in:
                #"{"StartAt": "X", "QueryLanguage": "JSONata", "States": {"X": {"Type": "Pass", "QueryLanguage": "JSONPath", "End": true}}}"#,
            "SCHEMA_VALIDATION_FAILED: 'QueryLanguage' can not be 'JSONPath' if set to 'JSONata' for whole state machine at /States/X"
        ),
        Mistake(
            "if Assign is not an object",
            state: #"{"Type": "Pass", "Assign": ["a"], "End": true}"#,
            "SCHEMA_VALIDATION_FAILED: Expected value of type Object at /States/X/Assign"
        ),
        Mistake(
            "with an input path that is none",
            state: #"{"Type": "Pass", "InputPath": "$[", "End": true}"#,
            "SCHEMA_VALIDATION_FAILED: Value must be a valid JSONPath. at /States/X/InputPath"
        ),
        Mistake(
            "with an output path that is not a string",
            state: #"{"Type": "Pass", "OutputPath": 1, "End": true}"#,
            "SCHEMA_VALIDATION_FAILED: Expected value of type String at /States/X/OutputPath"
        ),
        Mistake(
            "with a result path that leads to several places",
            state: #"{"Type": "Pass", "ResultPath": "$.a[*]", "End": true}"#,
            "SCHEMA_VALIDATION_FAILED: Value is not a Reference Path: '$.a[*]' may lead to more than one place at /States/X/ResultPath"
        ),
        Mistake(
            "with a result path into the context object",
            state: #"{"Type": "Pass", "ResultPath": "$$.a", "End": true}"#,
            "SCHEMA_VALIDATION_FAILED: Value is not a Reference Path: '$$.a' does not lead into the input at /States/X/ResultPath"
        ),
        Mistake(
            "with a template whose path is none",
            state: #"{"Type": "Pass", "Parameters": {"a.$": "b"}, "End": true}"#,
            "SCHEMA_VALIDATION_FAILED: The value for the field 'a.$' must be a valid JSONPath or a valid intrinsic function call "
                + "at /States/X/Parameters"
        ),
        Mistake(
            "with a template that calls what is no function",
            state: #"{"Type": "Pass", "Parameters": {"n": [{"a.$": "States.Nope()"}]}, "End": true}"#,
            "SCHEMA_VALIDATION_FAILED: The value for the field 'a.$' must be a valid JSONPath or a valid intrinsic function call "
                + "at /States/X/Parameters/n[0]"
        ),
        Mistake(
            "with a template that has a field in both forms",
            state: #"{"Type": "Pass", "Parameters": {"a": 1, "a.$": "$"}, "End": true}"#,
            "SCHEMA_VALIDATION_FAILED: The field 'a.$' must not stand beside the field 'a' at /States/X/Parameters"
        ),
        Mistake(
            "with no time to wait",
            state: #"{"Type": "Wait", "End": true}"#,
            "SCHEMA_VALIDATION_FAILED: This object should have only one of the following fields: "
                + "[SecondsPath, Seconds, TimestampPath, Timestamp] at /States/X"
        ),
        Mistake(
            "with two times to wait",
            state: #"{"Type": "Wait", "Seconds": 1, "SecondsPath": "$.s", "End": true}"#,
            "SCHEMA_VALIDATION_FAILED: There should only be one of the following fields: "
                + "[SecondsPath, Seconds, TimestampPath, Timestamp] at /States/X"
        ),
        Mistake(
            "with too long a wait",
            state: #"{"Type": "Wait", "Seconds": 100000000, "End": true}"#,
            "SCHEMA_VALIDATION_FAILED: Maximum value is 99999999 at /States/X/Seconds"
        ),
        Mistake(
            "with a wait beyond any integer",
            state: #"{"Type": "Wait", "Seconds": 1e400, "End": true}"#,
            "SCHEMA_VALIDATION_FAILED: Maximum value is 99999999 at /States/X/Seconds"
        ),
        Mistake(
            "with a fraction of a second",
            state: #"{"Type": "Wait", "Seconds": 1.5, "End": true}"#,
            "SCHEMA_VALIDATION_FAILED: Expected value of type Integer at /States/X/Seconds"
        ),
        Mistake(
            "with a timestamp that is none",
            state: #"{"Type": "Wait", "Timestamp": "2016-12-05 21:29:29Z", "End": true}"#,
            "SCHEMA_VALIDATION_FAILED: String does not match RFC3339 timestamp at /States/X/Timestamp"
        ),
        Mistake(
            "with a path of several places where one is needed",
            state: #"{"Type": "Wait", "SecondsPath": "$..s", "End": true}"#,
            "SCHEMA_VALIDATION_FAILED: Value is not a Reference Path: '$..s' may lead to more than one place at /States/X/SecondsPath"
        ),
        Mistake(
            "with an error in both forms",
            state: #"{"Type": "Fail", "Error": "E", "ErrorPath": "$.e"}"#,
            "SCHEMA_VALIDATION_FAILED: There should only be one of the following fields: [Error, ErrorPath] at /States/X"
        ),
        Mistake(
            "with a cause that is neither a path nor a call",
            state: #"{"Type": "Fail", "CausePath": "cause"}"#,
            "SCHEMA_VALIDATION_FAILED: The value for the field 'CausePath' must be a valid JSONPath or a valid intrinsic function "
                + "call at /States/X/CausePath"
        ),
        Mistake(
            "with an error that is not a string",
            state: #"{"Type": "Fail", "Error": 404}"#,
            "SCHEMA_VALIDATION_FAILED: Expected value of type String at /States/X/Error"
        ),
        Mistake(
            "with a transition where it can have none",
            state: #"{"Type": "Succeed", "End": true}"#,
            "SCHEMA_VALIDATION_FAILED: Field 'End' is not supported at /States/X"
        ),
    ]

    static let containers = [
        Mistake(
            "with no branches",
            state: #"{"Type": "Parallel", "Branches": [], "End": true}"#,
            "SCHEMA_VALIDATION_FAILED: Value cannot be empty at /States/X/Branches"
        ),
        Mistake(
            "without Branches",
            state: #"{"Type": "Parallel", "End": true}"#,
            "SCHEMA_VALIDATION_FAILED: These fields are required: [Branches] at /States/X"
        ),
        Mistake(
            "with a branch that lacks its states",
            state: #"{"Type": "Parallel", "Branches": [{"StartAt": "A"}], "End": true}"#,
            "SCHEMA_VALIDATION_FAILED: These fields are required: [States] at /States/X/Branches[0]"
        ),
        Mistake(
            "with a timeout of a branch",
            state: #"{"Type": "Parallel", "Branches": [{"TimeoutSeconds": 1, \#(graph.dropFirst())], "End": true}"#,
            "SCHEMA_VALIDATION_FAILED: Field 'TimeoutSeconds' is not supported at /States/X/Branches[0]"
        ),
        Mistake(
            "without a processor",
            map: #""MaxConcurrency": 1"#,
            "SCHEMA_VALIDATION_FAILED: This object should have only one of the following fields: [ItemProcessor, Iterator] at /States/X"
        ),
        Mistake(
            "with both forms of a processor",
            map: #""ItemProcessor": \#(graph), "Iterator": {"StartAt": "J", "States": {"J": {"Type": "Succeed"}}}"#,
            "SCHEMA_VALIDATION_FAILED: There should only be one of the following fields: [ItemProcessor, Iterator] at /States/X"
        ),
        Mistake(
            "with both forms of a selector",
            map: #""ItemProcessor": \#(graph), "ItemSelector": {}, "Parameters": {}"#,
            "SCHEMA_VALIDATION_FAILED: There should only be one of the following fields: [ItemSelector, Parameters] at /States/X"
        ),
        Mistake(
            "with a concurrency below 0",
            map: #""ItemProcessor": \#(graph), "MaxConcurrency": -1"#,
            "SCHEMA_VALIDATION_FAILED: Minimum value is 0 at /States/X/MaxConcurrency"
        ),
        Mistake(
            "with a concurrency in both forms",
            map: #""ItemProcessor": \#(graph), "MaxConcurrency": 1, "MaxConcurrencyPath": "$.c""#,
            "SCHEMA_VALIDATION_FAILED: There should only be one of the following fields: [MaxConcurrency, MaxConcurrencyPath] at /States/X"
        ),
        Mistake(
            "with more failures tolerated than there can be",
            map: #""ItemProcessor": \#(graph), "ToleratedFailurePercentage": 100.5"#,
            "SCHEMA_VALIDATION_FAILED: Maximum value is 100 at /States/X/ToleratedFailurePercentage"
        ),
        Mistake(
            "with fewer failures tolerated than none",
            map: #""ItemProcessor": \#(graph), "ToleratedFailureCount": -1"#,
            "SCHEMA_VALIDATION_FAILED: Minimum value is 0 at /States/X/ToleratedFailureCount"
        ),
        Mistake(
            "with items at several places",
            map: #""ItemProcessor": \#(graph), "ItemsPath": "$.a[?(@.b)]""#,
            "SCHEMA_VALIDATION_FAILED: Value is not a Reference Path: '$.a[?(@.b)]' may lead to more than one place at /States/X/ItemsPath"
        ),
        Mistake(
            "with a query language of its processor",
            map: #""ItemProcessor": {"QueryLanguage": "JSONPath", \#(graph.dropFirst())"#,
            "SCHEMA_VALIDATION_FAILED: Field 'QueryLanguage' is not supported at /States/X/ItemProcessor"
        ),
        Mistake(
            "with an unknown mode of its processor",
            map: #""ItemProcessor": {"ProcessorConfig": {"Mode": "REMOTE"}, \#(graph.dropFirst())"#,
            "SCHEMA_VALIDATION_FAILED: Value should be one of the following: [INLINE, DISTRIBUTED] "
                + "at /States/X/ItemProcessor/ProcessorConfig/Mode"
        ),
        Mistake(
            "with an execution type of inline iterations",
            map:
                #""ItemProcessor": {"ProcessorConfig": {"Mode": "INLINE", "ExecutionType": "EXPRESS"}, \#(graph.dropFirst())"#,
            "SCHEMA_VALIDATION_FAILED: Field 'ExecutionType' is not supported at /States/X/ItemProcessor/ProcessorConfig"
        ),
        Mistake(
            "if it is distributed and lacks its execution type",
            map: #""ItemProcessor": {"ProcessorConfig": {"Mode": "DISTRIBUTED"}, \#(graph.dropFirst())"#,
            "SCHEMA_VALIDATION_FAILED: These fields are required: [ExecutionType] at /States/X/ItemProcessor/ProcessorConfig"
        ),
        Mistake(
            "if it is distributed in an Express machine",
            map:
                #""ItemProcessor": {"ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "EXPRESS"}, \#(graph.dropFirst())"#,
            type: .express,
            "SCHEMA_VALIDATION_FAILED: The field 'Mode' with value 'DISTRIBUTED' is not supported inside 'EXPRESS' state machines "
                + "at /States/X/ItemProcessor/ProcessorConfig/Mode"
        ),
        Mistake(
            "with items from elsewhere for inline iterations",
            map: #""ItemProcessor": \#(graph), "ItemReader": {"Resource": "arn:aws:states:::s3:getObject"}"#,
            "SCHEMA_VALIDATION_FAILED: Field 'ItemReader' is not supported at /States/X"
        ),
        Mistake(
            "with a label that cannot stand in an ARN",
            map: #""ItemProcessor": \#(graph), "Label": "a#b""#,
            "INVALID_LABEL_NAME: Label contains invalid character: '#' at /States/X/Label"
        ),
        Mistake(
            "with too long a label",
            map: #""ItemProcessor": \#(graph), "Label": "\#(label)""#,
            "INVALID_LABEL_NAME: Label '\(label)' exceeds the 40-character limit allowed by the service at /States/X/Label"
        ),
    ]

    @Test(arguments: fields + containers)
    func mistake(_ mistake: Mistake) { mistake.check() }

    private static let label = String(repeating: "l", count: 41)
}
