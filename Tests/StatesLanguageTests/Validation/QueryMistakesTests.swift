import StatesLanguage
import Testing

/// Texts and codes as measured with ValidateStateMachineDefinition.
@Suite("A JSONata state is refused")
struct QueryMistakesTests {
    /// A mistake in a JSONata Pass `X`.
    static func pass(_ name: String, _ output: String, _ diagnostics: String...) -> Mistake {
        Mistake(
            name,
            in:
                #"{"QueryLanguage": "JSONata", "StartAt": "X", "States": {"X": {"Type": "Pass", "Output": \#(output), "End": true}}}"#,
            diagnostics
        )
    }

    static let expressions: [Mistake] = [
        pass(
            "with an expression that cannot be read",
            #"{"v": ["{% a[1,2) %}"]}"#,
            #"INVALID_JSONATA_EXPRESSION: Expected "]", got "," at /States/X/Output/v[0]"#
        ),
        pass(
            "with an expression that does not end",
            #""{% $states.input""#,
            "INVALID_JSONATA_EXPRESSION: A JSONata expression must end with '%}' at /States/X/Output"
        ),
        pass(
            "with an empty one",
            #""{%  %}""#,
            "INVALID_JSONATA_EXPRESSION: Unexpected end of expression at /States/X/Output"
        ),
        pass(
            "that reads a context item, by each name once",
            #""{% aaa + bbb + aaa.c %}""#,
            "UNSUPPORTED_JSONATA_EXPRESSION: Reference to 'aaa' at the top level is not supported. at /States/X/Output",
            "UNSUPPORTED_JSONATA_EXPRESSION: Reference to 'bbb' at the top level is not supported. at /States/X/Output"
        ),
        pass(
            "that reads it as a whole",
            #""{% $.phone %}""#,
            "UNSUPPORTED_JSONATA_EXPRESSION: Reference to '$' at the top level is not supported. at /States/X/Output"
        ),
        pass(
            "that reads the root",
            #""{% $$ %}""#,
            "UNSUPPORTED_JSONATA_EXPRESSION: Reference to '$$' is not supported. at /States/X/Output"
        ),
        pass(
            "that reads a function's context from outside it",
            #""{% $map($states.input.a, function($x){ b }) %}""#,
            "UNSUPPORTED_JSONATA_EXPRESSION: Reference to 'b' at the top level is not supported. at /States/X/Output"
        ),
        pass(
            "that reads a result it has not",
            #""{% $states.result.x %}""#,
            "UNSUPPORTED_JSONATA_EXPRESSION: Field '$states.result' does not exist. at /States/X/Output"
        ),
        pass(
            "that reads an error it has not",
            #""{% $states.errorOutput %}""#,
            "UNSUPPORTED_JSONATA_EXPRESSION: Field '$states.errorOutput' does not exist. at /States/X/Output"
        ),
    ]

    static let fields: [Mistake] = [
        Mistake(
            "if Arguments read the result that they bring",
            in: #"""
                {"QueryLanguage": "JSONata", "StartAt": "X", "States": {"X": {"Type": "Task", "End": true,
                    "Resource": "arn:aws:lambda:us-east-1:123456789012:function:f", "Arguments": "{% $states.result %}"}}}
                """#,
            "UNSUPPORTED_JSONATA_EXPRESSION: Field '$states.result' does not exist. at /States/X/Arguments"
        ),
        Mistake(
            "if a catcher reads a result",
            in: #"""
                {"QueryLanguage": "JSONata", "StartAt": "X", "States": {"X": {"Type": "Task", "End": true,
                    "Resource": "arn:aws:lambda:us-east-1:123456789012:function:f",
                    "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "X", "Output": "{% $states.errorOutput %}",
                               "Assign": {"x": "{% $states.result %}"}}]}}}
                """#,
            "UNSUPPORTED_JSONATA_EXPRESSION: Field '$states.result' does not exist. at /States/X/Catch[0]/Assign/x"
        ),
        Mistake(
            "if Seconds is text that is no expression",
            state: #"{"QueryLanguage": "JSONata", "Type": "Wait", "Seconds": "$x", "End": true}"#,
            "SCHEMA_VALIDATION_FAILED: Expected value of type Integer at /States/X/Seconds"
        ),
        Mistake(
            "if Items is neither an array nor an expression",
            state: #"""
                {"QueryLanguage": "JSONata", "Type": "Map", "Items": "$x", "End": true,
                 "ItemProcessor": {"StartAt": "I", "States": {"I": {"Type": "Pass", "End": true}}}}
                """#,
            "SCHEMA_VALIDATION_FAILED: Expected value of type Array at /States/X/Items"
        ),
        Mistake(
            "if a rule has no Condition",
            in: #"""
                {"StartAt": "X", "States": {"X": {"QueryLanguage": "JSONata", "Type": "Choice", "Default": "Y",
                    "Choices": [{"Next": "Y"}]}, "Y": {"Type": "Fail"}}}
                """#,
            "SCHEMA_VALIDATION_FAILED: These fields are required: [Condition] at /States/X/Choices[0]"
        ),
        Mistake(
            "if a rule compares as in JSONPath",
            in: #"""
                {"StartAt": "X", "States": {"X": {"QueryLanguage": "JSONata", "Type": "Choice", "Default": "Y",
                    "Choices": [{"Condition": true, "Variable": "$.x", "Next": "Y"}]}, "Y": {"Type": "Fail"}}}
                """#,
            "SCHEMA_VALIDATION_FAILED: The QueryLanguage is set to 'JSONata', but field 'Variable' is only supported for the "
                + "'JSONPath' QueryLanguage at /States/X/Choices[0]"
        ),
    ]

    @Test(arguments: expressions + fields)
    func mistake(_ mistake: Mistake) { mistake.check() }

    static let sound: [String] = [
        "$states.input.items[phone > 3].x^(y){ z: $sum(w) }", "$map($states.input.a, function($x){ $x.phone })",
        "$phone",
        "$states.context.Execution.Id", "( $y := 1; $y + $x )", "$states.input.a.$", "$uuid() & $hash('a', 'MD5')",
        "$sort($states.input.a, function($l, $r){ $l > $r })", "$states",
    ]

    @Test("and not where it reads $states, variables, or what its own paths give", arguments: sound)
    func accepted(_ expression: String) {
        let definition =
            #"{"QueryLanguage": "JSONata", "StartAt": "X", "States": {"X": {"Type": "Pass", "Output": "{% \#(expression) %}", "End": true}}}"#
        #expect(Validator.diagnostics(of: definition).isEmpty)
    }

    @Test("and its references are told, functions and its own variables aside")
    func references() throws {
        let definition = try StateMachineDefinition(
            parsing: #"""
                {"QueryLanguage": "JSONata", "StartAt": "C", "States": {
                    "C": {"Type": "Choice", "Default": "M", "Choices": [
                        {"Condition": "{% $a > 1 %}", "Next": "M", "Assign": {"x": "{% $b.c %}"}, "Output": "{% $uuid() %}"}]},
                    "M": {"Type": "Map", "Items": ["{% $x %}"], "MaxConcurrency": "{% $n %}", "Next": "W", "ItemProcessor": {
                        "StartAt": "I", "States": {"I": {"Type": "Pass", "Output": "{% ($i := 1; $sum([$i])) %}", "End": true}}}},
                    "W": {"Type": "Wait", "Seconds": "{% $w %}", "End": true}}}
                """#
        )
        #expect(
            definition.variableReferences.map { "\($0.state): \($0.variables)" }.sorted() == [
                #"C: ["a", "b"]"#, #"M: ["n", "x"]"#, #"W: ["w"]"#,
            ]
        )
        #expect(!definition.sharesVariables(inside: "M"))
    }

    @Test("and a variable with the name of a function is shared where it may be meant")
    func namedLikeFunction() throws {
        let definition = try StateMachineDefinition(
            parsing: #"""
                {"QueryLanguage": "JSONata", "StartAt": "A", "States": {
                    "A": {"Type": "Pass", "Assign": {"count": 3}, "Next": "M"},
                    "M": {"Type": "Map", "Items": [1], "End": true, "ItemProcessor": {
                        "StartAt": "I", "States": {"I": {"Type": "Pass", "Output": "{% $count %}", "End": true}}}}}}
                """#
        )
        #expect(definition.sharesVariables(inside: "M"))
    }
}
