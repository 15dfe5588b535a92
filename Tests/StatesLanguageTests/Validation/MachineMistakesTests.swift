import StatesLanguage
import Testing

@Suite("A machine is refused")
struct MachineMistakesTests {
    static let end = #"{"Type": "Pass", "End": true}"#

    static let mistakes = [
        Mistake("if its text is empty", in: "", "MISSING_DESCRIPTION: Definition is empty"),
        Mistake("if its text is blank", in: " ", "SCHEMA_VALIDATION_FAILED: Definition must be a valid JSON object"),
        Mistake("if it is not an object", in: "[]", "SCHEMA_VALIDATION_FAILED: Definition must be a valid JSON object"),
        Mistake(
            "if its text is not JSON",
            in: "{\n  \"StartAt\": }",
            "INVALID_JSON_DESCRIPTION: expected a value (line 2, column 14)"
        ),
        Mistake(
            "if a field stands twice",
            in: #"{"StartAt": "X", "States": {"X": {"Type": "Pass", "Type": "Pass", "End": true}}}"#,
            "INVALID_JSON_DESCRIPTION: Duplicate field 'Type' (line 1, column 51) at /States/X/Type"
        ),
        Mistake(
            "if it is empty",
            in: "{}",
            "SCHEMA_VALIDATION_FAILED: These fields are required: [States, StartAt] at /"
        ),
        Mistake(
            "without StartAt",
            in: #"{"States": {"X": \#(end)}}"#,
            "SCHEMA_VALIDATION_FAILED: These fields are required: [StartAt] at /"
        ),
        Mistake(
            "without states",
            in: #"{"StartAt": "X", "States": {}}"#,
            "SCHEMA_VALIDATION_FAILED: Value cannot be empty at /States",
            "MISSING_TRANSITION_TARGET: Missing 'Next' target: X at /StartAt"
        ),
        Mistake(
            "if States is not an object",
            in: #"{"StartAt": "X", "States": []}"#,
            "SCHEMA_VALIDATION_FAILED: Expected value of type Object at /States"
        ),
        Mistake(
            "with a field that is not known",
            in: #"{"StartAt": "X", "Coment": "", "States": {"X": \#(end)}}"#,
            "SCHEMA_VALIDATION_FAILED: Field 'Coment' is not supported at /"
        ),
        Mistake(
            "with another version",
            in: #"{"StartAt": "X", "Version": "2.0", "States": {"X": \#(end)}}"#,
            "SCHEMA_VALIDATION_FAILED: Value should be one of the following: [1.0] at /Version"
        ),
        Mistake(
            "with a timeout below 0",
            in: #"{"StartAt": "X", "TimeoutSeconds": -1, "States": {"X": \#(end)}}"#,
            "SCHEMA_VALIDATION_FAILED: Minimum value is 0 at /TimeoutSeconds"
        ),
        Mistake(
            "with an unknown query language",
            in: #"{"StartAt": "X", "QueryLanguage": 1, "States": {"X": \#(end)}}"#,
            "SCHEMA_VALIDATION_FAILED: Expected value of type [STRING] at /QueryLanguage"
        ),
        Mistake(
            "if StartAt names no state",
            in: #"{"StartAt": "Y", "States": {"X": \#(end)}}"#,
            "MISSING_TRANSITION_TARGET: Missing 'Next' target: Y at /StartAt",
            "MISSING_TRANSITION_TARGET: State \"X\" is not reachable. at /States/X"
        ),
        Mistake(
            "if Next names no state",
            in: #"{"StartAt": "pass1", "States": {"pass1": {"Type": "Pass", "Next": "pass3"}, "pass2": \#(end)}}"#,
            "MISSING_TRANSITION_TARGET: Missing 'Next' target: pass3 at /States/pass1/Next",
            "MISSING_TRANSITION_TARGET: State \"pass2\" is not reachable. at /States/pass2"
        ),
        Mistake(
            "if it never ends",
            in:
                #"{"StartAt": "A", "States": {"A": {"Type": "Pass", "Next": "B"}, "B": {"Type": "Pass", "Next": "A"}}}"#,
            "MISSING_END_STATE: Workflow has no terminal state"
        ),
        Mistake(
            "if it never ends and a target is missing",
            in: #"{"StartAt": "A", "States": {"A": {"Type": "Pass", "Next": "NOPE"}}}"#,
            "MISSING_TRANSITION_TARGET: Missing 'Next' target: NOPE at /States/A/Next",
            "MISSING_END_STATE: Workflow has no terminal state"
        ),
        Mistake(
            "with states that only each other lead to",
            in: """
                {"StartAt": "X", "States": {"X": \(end),
                "A": {"Type": "Pass", "Next": "B"}, "B": {"Type": "Pass", "Next": "A"}}}
                """,
            "MISSING_TRANSITION_TARGET: State \"A\" is not reachable. at /States/A",
            "MISSING_TRANSITION_TARGET: State \"B\" is not reachable. at /States/B"
        ),
        Mistake(
            "if a state in a branch leads out of it",
            in: """
                {"StartAt": "P", "States": {"P": {"Type": "Parallel", "Next": "Z",
                "Branches": [{"StartAt": "W", "States": {"W": {"Type": "Pass", "Next": "Z"}}}]}, "Z": \(end)}}
                """,
            "MISSING_TRANSITION_TARGET: Missing 'Next' target: Z at /States/P/Branches[0]/States/W/Next"
        ),
        Mistake(
            "if a state in a processor is not reached",
            in: """
                {"StartAt": "M", "States": {"M": {"Type": "Map", "End": true, "ItemProcessor":
                {"StartAt": "W", "States": {"W": \(end), "Ghost": \(end)}}}}}
                """,
            "MISSING_TRANSITION_TARGET: State \"Ghost\" is not reachable. at /States/M/ItemProcessor/States/Ghost"
        ),
        Mistake(
            "with two states of one name",
            in: """
                {"StartAt": "P", "States": {"P": {"Type": "Parallel", "End": true,
                "Branches": [{"StartAt": "P", "States": {"P": \(end)}}]}}}
                """,
            "DUPLICATE_STATE_NAME: Duplicate State name: P at /States/P/Branches[0]/States/P"
        ),
        Mistake(
            "with a name of more than 80 characters",
            in: #"{"StartAt": "\#(long)", "States": {"\#(long)": \#(end)}}"#,
            "INVALID_STATE_NAME: State name '\(long)' exceeds the 80-character limit allowed by the service at /States/\(long)"
        ),
        Mistake(
            "with a name that holds U+0000",
            in: #"{"StartAt": "a\u0000", "States": {"a\u0000": \#(end)}}"#,
            "INVALID_STATE_NAME: State name cannot hold U+0000 at /States/a\u{0}"
        ),
        Mistake(
            "with a state that is not an object",
            in: #"{"StartAt": "X", "States": {"X": "Pass"}}"#,
            "SCHEMA_VALIDATION_FAILED: Expected value of type Object at /States/X"
        ),
        Mistake(
            "if graphs are nested too deep",
            in: nested(33),
            "TOO_DEEPLY_NESTED: States are nested more than 32 deep at \(placeOfNested(33))"
        ),
        Mistake(
            "with all its mistakes at once",
            in: """
                {"StartAt": "A", "Extra": 1, "States": {"A": {"Type": "Pass", "Next": "B", "InputPath": "x"},
                "B": {"Type": "Wait", "Seconds": -1, "Next": "Nowhere"}, "C": {"Type": "Nothing", "End": true}}}
                """,
            "SCHEMA_VALIDATION_FAILED: Field 'Extra' is not supported at /",
            "SCHEMA_VALIDATION_FAILED: Value must be a valid JSONPath. at /States/A/InputPath",
            "SCHEMA_VALIDATION_FAILED: Minimum value is 0 at /States/B/Seconds",
            "SCHEMA_VALIDATION_FAILED: The field 'Type' should have one of these values: "
                + "[Task, Wait, Pass, Succeed, Fail, Choice, Parallel, Map] at /States/C/Type",
            "MISSING_TRANSITION_TARGET: Missing 'Next' target: Nowhere at /States/B/Next",
            "MISSING_TRANSITION_TARGET: State \"C\" is not reachable. at /States/C"
        ),
    ]

    @Test(arguments: mistakes)
    func mistake(_ mistake: Mistake) { mistake.check() }

    @Test("in AWS's words, whatever has no place being at null")
    func message() {
        let refusal = #expect(throws: InvalidDefinition.self) {
            try StateMachineDefinition(
                parsing: #"{"StartAt": "A", "States": {"A": {"Type": "Pass", "Next": "NOPE"}}}"#
            )
        }
        let text =
            "Invalid State Machine Definition: 'MISSING_TRANSITION_TARGET: Missing 'Next' target: NOPE at /States/A/Next, "
            + "MISSING_END_STATE: Workflow has no terminal state at null'"
        #expect(refusal?.description == text)
    }

    private static let long = String(repeating: "n", count: 81)

    private static func nested(_ depth: Int) -> String {
        var graph = #"{"StartAt": "S\#(depth)", "States": {"S\#(depth)": \#(end)}}"#
        for level in (0..<depth).reversed() {
            let state = #"{"Type": "Parallel", "Branches": [\#(graph)], "End": true}"#
            graph = #"{"StartAt": "S\#(level)", "States": {"S\#(level)": \#(state)}}"#
        }
        return graph
    }

    private static func placeOfNested(_ depth: Int) -> String {
        (0..<depth).map { "/States/S\($0)/Branches[0]" }.joined()
    }
}
