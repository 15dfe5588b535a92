import StatesLanguage
import Testing

@Suite("A variable is refused")
struct VariableMistakesTests {
    static let long = String(repeating: "n", count: 81)

    static let names = [
        Mistake(
            "that is called states",
            state: #"{"Type": "Pass", "Assign": {"states": 1}, "End": true}"#,
            "RESERVED_VARIABLE_NAME: Variable name 'states' is reserved at /States/X/Assign"
        ),
        Mistake(
            "whose name is not an identifier",
            state: #"{"Type": "Pass", "Assign": {"x.y": 1, "1x": 2, "": 3, "größe_1": 4, "_a.$": "$.a"}, "End": true}"#,
            "INVALID_VARIABLE_NAME: Variable name 'x.y' is not a valid identifier at /States/X/Assign",
            "INVALID_VARIABLE_NAME: Variable name '1x' is not a valid identifier at /States/X/Assign",
            "INVALID_VARIABLE_NAME: Variable name '' is not a valid identifier at /States/X/Assign"
        ),
        Mistake(
            "whose name has more than 80 characters",
            state: #"{"Type": "Wait", "Seconds": 0, "Assign": {"\#(long)": 1}, "End": true}"#,
            "INVALID_VARIABLE_NAME: Variable name '\(long)' exceeds the 80-character limit allowed by the service "
                + "at /States/X/Assign"
        ),
        Mistake(
            "whose value is neither a path nor a call, under a key that says so",
            state: #"{"Type": "Pass", "Assign": {"a.$": "b"}, "End": true}"#,
            "SCHEMA_VALIDATION_FAILED: The value for the field 'a.$' must be a valid JSONPath or a valid intrinsic function "
                + "call at /States/X/Assign"
        ),
        Mistake(
            "in the rule of a Choice",
            rule: #"{"Variable": "$.a", "IsNull": true, "Assign": {"a b": 1}, "Next": "Y"}"#,
            "INVALID_VARIABLE_NAME: Variable name 'a b' is not a valid identifier at /States/X/Choices[0]/Assign"
        ),
        Mistake(
            "in a catcher",
            task: #""Catch": [{"ErrorEquals": ["E"], "Assign": 1, "Next": "X"}]"#,
            "SCHEMA_VALIDATION_FAILED: Expected value of type Object at /States/X/Catch[0]/Assign"
        ),
        Mistake(
            "in a Succeed state, which assigns none",
            state: #"{"Type": "Succeed", "Assign": {"a": 1}}"#,
            "SCHEMA_VALIDATION_FAILED: Field 'Assign' is not supported at /States/X"
        ),
    ]

    @Test(arguments: names)
    func name(_ mistake: Mistake) { mistake.check() }

    static let scopes = [
        Mistake(
            "that an inner scope assigns and an outer one too, wherever it does",
            in: #"""
                {"StartAt": "M", "States": {
                    "M": {"Type": "Map", "Next": "L", "ItemProcessor": {"StartAt": "P", "States": {
                        "P": {"Type": "Parallel", "End": true, "Branches": [
                            {"StartAt": "A", "States": {"A": {"Type": "Pass", "Assign": {"x.$": "$"}, "End": true}}},
                            {"StartAt": "B", "States": {"B": {"Type": "Pass", "Assign": {"y": 1}, "End": true}}}]}}}},
                    "L": {"Type": "Pass", "Assign": {"x": 1}, "End": true}}}
                """#,
            "SCHEMA_VALIDATION_FAILED: Variable 'x' is assigned in an outer scope, and cannot be assigned here "
                + "at /States/M/ItemProcessor/States/P/Branches[0]/States/A/Assign"
        )
    ]

    @Test(arguments: scopes)
    func scope(_ mistake: Mistake) { mistake.check() }

    @Test("and not in the processor of a distributed Map, which reads nothing of what is outside it")
    func separate() {
        let diagnostics = Validator.diagnostics(
            of: #"""
                {"StartAt": "A", "States": {"A": {"Type": "Pass", "Assign": {"x": 2}, "Next": "M"},
                    "M": {"Type": "Map", "End": true, "ItemProcessor": {
                        "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"}, "StartAt": "B",
                        "States": {"B": {"Type": "Pass", "Assign": {"x": 1}, "End": true}}}}}}
                """#
        )
        #expect(diagnostics.isEmpty)
    }

    @Test("and not where the state around the inner scope assigns it, which it does later")
    func container() {
        let diagnostics = Validator.diagnostics(
            of: #"""
                {"StartAt": "P", "States": {"P": {"Type": "Parallel", "Assign": {"x": 2}, "End": true, "Branches": [
                    {"StartAt": "A", "States": {"A": {"Type": "Pass", "Assign": {"x": 1}, "End": true}}}]}}}
                """#
        )
        #expect(diagnostics.isEmpty)
    }

    @Test("and not where two scopes that do not contain each other assign the same name")
    func siblings() throws {
        let branch = #"{"StartAt": "%", "States": {"%": {"Type": "Pass", "Assign": {"x": 1}, "End": true}}}"#
        let branches = ["A", "B"].map { branch.replacing("%", with: $0) }.joined(separator: ", ")
        let definition = try StateMachineDefinition(
            parsing:
                #"{"StartAt": "P", "States": {"P": {"Type": "Parallel", "Branches": [\#(branches)], "End": true}}}"#
        )
        #expect(!definition.sharesVariables(inside: "P"))
    }

    @Test("or where it is only read, which Describe tells state by state")
    func references() throws {
        let definition = try StateMachineDefinition(
            parsing: #"""
                {"StartAt": "A", "States": {
                    "A": {"Type": "Pass", "Assign": {"x": 1, "y": 2, "z.$": "$x"}, "Next": "M"},
                    "M": {"Type": "Map", "ItemsPath": "$z", "Next": "F", "ItemProcessor": {"StartAt": "I", "States": {
                        "I": {"Type": "Pass", "Parameters": {"a.$": "States.Format('{}{}', $y.b, $x)"}, "End": true}}}},
                    "F": {"Type": "Fail", "Error": "$x", "CausePath": "$y"}}}
                """#
        )
        #expect(
            definition.variableReferences.map { "\($0.state): \($0.variables)" }.sorted() == [
                "A: [\"x\"]", "F: [\"y\"]", "I: [\"x\", \"y\"]", "M: [\"z\"]",
            ]
        )
        #expect(definition.sharesVariables(inside: "M"))
    }
}
