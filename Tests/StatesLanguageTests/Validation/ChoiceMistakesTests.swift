import StatesLanguage
import Testing

@Suite("A Choice is refused")
struct ChoiceMistakesTests {
    static let mistakes = [
        Mistake(
            "without Choices",
            in: #"{"StartAt": "X", "States": {"X": {"Type": "Choice", "Default": "Y"}, "Y": {"Type": "Succeed"}}}"#,
            "SCHEMA_VALIDATION_FAILED: These fields are required: [Choices] at /States/X"
        ),
        Mistake(
            "with no rules",
            in:
                #"{"StartAt": "X", "States": {"X": {"Type": "Choice", "Choices": [], "Default": "Y"}, "Y": {"Type": "Succeed"}}}"#,
            "SCHEMA_VALIDATION_FAILED: Value cannot be empty at /States/X/Choices"
        ),
        Mistake(
            "with a default that is no state",
            in: """
                {"StartAt": "X", "States": {"X": {"Type": "Choice", "Choices": [{"Variable": "$.x", "IsNull": true, "Next": "Y"}],
                "Default": "Ghost"}, "Y": {"Type": "Succeed"}}}
                """,
            "MISSING_TRANSITION_TARGET: Missing 'Next' target: Ghost at /States/X/Default"
        ),
        Mistake(
            "with a rule that leads to no state",
            rule: #"{"Variable": "$.x", "IsPresent": true, "Next": "Ghost"}"#,
            "MISSING_TRANSITION_TARGET: Missing 'Next' target: Ghost at /States/X/Choices[0]/Next"
        ),
        Mistake(
            "with a rule that leads nowhere",
            rule: #"{"Variable": "$.x", "IsPresent": true}"#,
            "SCHEMA_VALIDATION_FAILED: These fields are required: [Next] at /States/X/Choices[0]"
        ),
        Mistake(
            "with a nested rule that leads somewhere",
            rule: #"{"Not": {"Variable": "$.x", "IsPresent": true, "Next": "Y"}, "Next": "Y"}"#,
            "SCHEMA_VALIDATION_FAILED: Field 'Next' is not supported at /States/X/Choices[0]/Not"
        ),
        Mistake(
            "with a rule of nothing",
            rule: #"{"Next": "Y"}"#,
            "SCHEMA_VALIDATION_FAILED: The object must have only one of the following fields, [And, Or, Not, Variable, Condition] "
                + "at /States/X/Choices[0]"
        ),
        Mistake(
            "with two operators in a rule",
            rule: #"{"Variable": "$.x", "IsNull": true, "IsPresent": true, "Next": "Y"}"#,
            "SCHEMA_VALIDATION_FAILED: There should only be one of the following fields: [IsNull, IsPresent] at /States/X/Choices[0]"
        ),
        Mistake(
            "with an operator without a variable",
            rule: #"{"Or": [{"Variable": "$.x", "IsNull": true}], "IsPresent": true, "Next": "Y"}"#,
            "SCHEMA_VALIDATION_FAILED: Field 'IsPresent' is not supported at /States/X/Choices[0]"
        ),
        Mistake(
            "with an unknown operator",
            rule: #"{"Variable": "$.x", "StringContains": "a", "IsNull": true, "Next": "Y"}"#,
            "SCHEMA_VALIDATION_FAILED: Field 'StringContains' is not supported at /States/X/Choices[0]"
        ),
        Mistake(
            "with an And of nothing",
            rule: #"{"And": [], "Next": "Y"}"#,
            "SCHEMA_VALIDATION_FAILED: Value cannot be empty at /States/X/Choices[0]/And"
        ),
        Mistake(
            "with a condition of JSONata",
            rule: #"{"Condition": "{% true %}", "Next": "Y"}"#,
            "SCHEMA_VALIDATION_FAILED: The QueryLanguage is set to 'JSONPath', but field 'Condition' is only supported for the "
                + "'JSONata' QueryLanguage at /States/X/Choices[0]"
        ),
        Mistake(
            "with a variable that is a call",
            rule: #"{"Variable": "States.UUID()", "IsNull": true, "Next": "Y"}"#,
            "SCHEMA_VALIDATION_FAILED: Value is not a Reference Path: Reference path didn't start with '$' "
                + "at /States/X/Choices[0]/Variable"
        ),
        Mistake(
            "with a number compared as a string",
            rule: #"{"And": [{"Variable": "$.x", "StringEquals": 1}], "Next": "Y"}"#,
            "SCHEMA_VALIDATION_FAILED: Expected value of type String at /States/X/Choices[0]/And[0]/StringEquals"
        ),
        Mistake(
            "with a string compared as a number",
            rule: #"{"Variable": "$.x", "NumericLessThan": "1", "Next": "Y"}"#,
            "SCHEMA_VALIDATION_FAILED: Expected value of type Number at /States/X/Choices[0]/NumericLessThan"
        ),
        Mistake(
            "with a string for a boolean",
            rule: #"{"Variable": "$.x", "IsPresent": "true", "Next": "Y"}"#,
            "SCHEMA_VALIDATION_FAILED: Expected value of type Boolean at /States/X/Choices[0]/IsPresent"
        ),
        Mistake(
            "with an instant that is none",
            rule: #"{"Variable": "$.x", "TimestampEquals": "today", "Next": "Y"}"#,
            "SCHEMA_VALIDATION_FAILED: String does not match RFC3339 timestamp at /States/X/Choices[0]/TimestampEquals"
        ),
        Mistake(
            "with an operand that is no path",
            rule: #"{"Variable": "$.x", "NumericEqualsPath": "y", "Next": "Y"}"#,
            "SCHEMA_VALIDATION_FAILED: Value is not a Reference Path: Reference path didn't start with '$' "
                + "at /States/X/Choices[0]/NumericEqualsPath"
        ),
    ]

    @Test(arguments: mistakes)
    func mistake(_ mistake: Mistake) { mistake.check() }
}
