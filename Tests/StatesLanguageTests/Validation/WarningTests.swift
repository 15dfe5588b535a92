import StatesLanguage
import Testing

@Suite("A definition that runs is warned of")
struct WarningTests {
    static let warnings = [
        Mistake(
            "a path under a key that says nothing of it",
            state: #"{"Type": "Pass", "Parameters": {"a": {"b": "$.c"}}, "End": true}"#,
            "NO_DOLLAR: The value of 'b' looks like a path or an intrinsic function, but the field's name does not end in "
                + "'.$': it is passed on as it stands at /States/X/Parameters/a/b"
        ),
        Mistake(
            "a call under a key that says nothing of it",
            state: #"{"Type": "Pass", "Parameters": {"a": "States.UUID()"}, "End": true}"#,
            "NO_DOLLAR: The value of 'a' looks like a path or an intrinsic function, but the field's name does not end in "
                + "'.$': it is passed on as it stands at /States/X/Parameters/a"
        ),
        Mistake(
            "a path in a field whose name does not say so",
            state: #"{"Type": "Fail", "Cause": "$.cause"}"#,
            "NO_PATH: The value of 'Cause' looks like a path, but the field's name does not end in 'Path' at /States/X/Cause"
        ),
        Mistake(
            "a path in a fixed result",
            state: #"{"Type": "Pass", "Result": {"a.$": "$.b"}, "End": true}"#,
            "PASS_RESULT_IS_STATIC: The Result of a Pass state is static: paths and intrinsic functions in it are not "
                + "evaluated at /States/X/Result/a.$"
        ),
        Mistake(
            "nothing, if prices are in dollars",
            state: #"{"Type": "Pass", "Parameters": {"a": "$5"}, "End": true}"#
        ),
    ]

    @Test(arguments: warnings)
    func warning(_ warning: Mistake) throws {
        warning.check(.warning)
        let definition = try StateMachineDefinition(parsing: warning.definition)
        #expect(definition.warnings.map(\.description) == warning.diagnostics)
    }
}
