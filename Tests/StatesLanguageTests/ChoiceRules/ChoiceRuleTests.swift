import JSON
import StatesLanguage
import Testing

@Suite("A choice rule")
struct ChoiceRuleTests {
    struct Row: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let rule: JSONValue
        let input: JSONValue
        let holds: Bool

        init(_ testDescription: String, _ rule: JSONValue, on input: JSONValue, _ holds: Bool) {
            (self.testDescription, self.rule, self.input, self.holds) = (testDescription, rule, input, holds)
        }
    }

    /// A data test on `$.x`.
    static func test(_ name: String, _ operand: JSONValue) -> JSONValue {
        .object(["Variable": "$.x", "Next": "N"].merging(name, operand))
    }

    static let rows = [
        Row("compares strings by UTF-16", test("StringLessThan", "\u{FFFF}"), on: ["x": "\u{10000}"], true),
        Row("compares strings without normalising", test("StringEquals", "e\u{301}"), on: ["x": "é"], false),
        Row("compares strings without folding", test("StringLessThan", "a"), on: ["x": "B"], true),
        Row("does not compare a string with a number", test("StringEquals", "1"), on: ["x": 1], false),
        Row("does not compare a number with a string", test("NumericEquals", 1), on: ["x": "1"], false),
        Row("compares numbers by value", test("NumericEquals", 1.0), on: ["x": 1], true),
        Row(
            "compares large integers exactly",
            test("NumericLessThan", 9_007_199_254_740_993),
            on: ["x": 9_007_199_254_740_992],
            true
        ),
        Row(
            "compares instants across offsets",
            test("TimestampEquals", "2024-01-01T00:00:00Z"),
            on: ["x": "2024-01-01T01:00:00+01:00"],
            true
        ),
        Row(
            "compares instants below the microsecond",
            test("TimestampGreaterThan", "2024-01-01T00:00:00.000000001Z"),
            on: ["x": "2024-01-01T00:00:00.000000002Z"],
            true
        ),
        Row(
            "does not compare what is no timestamp",
            test("TimestampLessThan", "2024-01-01T00:00:00Z"),
            on: ["x": "2023-01-01"],
            false
        ),
        Row(
            "compares a timestamp as a string",
            test("StringEquals", "2024-01-01T00:00:00Z"),
            on: ["x": "2024-01-01T00:00:00Z"],
            true
        ),
        Row("does not compare booleans with others", test("BooleanEquals", false), on: ["x": nil], false),
        Row("takes an operand from a path", test("NumericGreaterThanEqualsPath", "$.y"), on: ["x": 2, "y": 2], true),
        Row(
            "does not compare with an operand of another type",
            test("StringEqualsPath", "$.y"),
            on: ["x": "2", "y": 2],
            false
        ),
        Row("takes a boolean operand from a path", test("BooleanEqualsPath", "$.y"), on: ["x": true, "y": true], true),
        Row(
            "takes a timestamp operand from a path",
            test("TimestampLessThanEqualsPath", "$.y"),
            on: ["x": "2024-01-01T00:00:00Z", "y": "2024-01-01T00:00:00Z"],
            true
        ),
        Row("finds an explicit null present", test("IsPresent", true), on: ["x": nil], true),
        Row("finds nothing present in nothing", test("IsPresent", true), on: [:], false),
        Row("finds nothing absent", test("IsPresent", false), on: ["y": 1], true),
        Row("finds nothing present in a scalar", test("IsPresent", true), on: 1, false),
        Row("knows null", test("IsNull", true), on: ["x": nil], true),
        Row("knows booleans", test("IsBoolean", true), on: ["x": false], true),
        Row("knows timestamps", test("IsTimestamp", true), on: ["x": "2024-01-01T00:00:00.5-05:00"], true),
        Row("knows what is no timestamp", test("IsTimestamp", false), on: ["x": "2024-01-01"], true),
        Row("matches a pattern", test("StringMatches", "log-*.txt"), on: ["x": "log-1.2.txt"], true),
        Row("matches only strings", test("StringMatches", "*"), on: ["x": 1], false),
        Row(
            "stops And at what does not hold",
            ["And": [["Variable": "$.x", "IsPresent": true], ["Variable": "$.x", "NumericEquals": 1]], "Next": "N"],
            on: [:],
            false
        ),
        Row(
            "stops Or at what holds",
            ["Or": [["Variable": "$.x", "IsPresent": false], ["Variable": "$.x", "NumericEquals": 1]], "Next": "N"],
            on: [:],
            true
        ),
        Row("negates", ["Not": ["Variable": "$.x", "NumericEquals": 1], "Next": "N"], on: ["x": 2], true),
        Row(
            "reads the context object",
            ["Variable": "$$.State.Name", "StringEquals": "State_0", "Next": "N"],
            on: [:],
            true
        ),
        Row(
            "sees no type in a list of matches",
            ["Variable": "$..x", "NumericEquals": 1, "Next": "N"],
            on: ["x": 1],
            false
        ),
    ]

    @Test(arguments: rows)
    func matching(_ row: Row) throws {
        let rule = try ChoiceRule(compiling: row.rule, at: JSONPointer())
        #expect(try rule.matches(Scope(input: row.input, context: .recorded())) == row.holds)
        #expect(rule.next == "N")
    }

    @Test(
        "fails where a path finds nothing",
        arguments: [
            (test("NumericEquals", 1), "$.x"), (test("IsNull", true), "$.x"), (test("StringMatches", "*"), "$.x"),
            (["Variable": "$.y", "NumericEqualsPath": "$.right", "Next": "N"], "$.right"),
            (["Variable": "$nope", "IsString": true, "Next": "N"], "$nope"),
        ] as [(JSONValue, String)]
    )
    func missing(rule: JSONValue, path: String) throws {
        let rule = try ChoiceRule(compiling: rule, at: JSONPointer())
        let error = #expect(throws: DataFlowError.self) {
            try rule.matches(Scope(input: ["y": 1], context: .recorded()))
        }
        #expect(error?.errorName == "States.Runtime")
        #expect(
            error?.cause == "Invalid path '\(path)': The choice state's condition path references an invalid value."
        )
    }

    @Test(
        "is refused, and says where",
        arguments: [
            (["Variable": "$.x", "NumericEquals": 1], "The field 'Next' must be the name of a state at /C/0"),
            (1, "A choice rule must be an object at /C/0"),
            (["Next": "N"], "A choice rule must have a comparison operator, or one of 'And', 'Or' and 'Not' at /C/0"),
            (["NumericEquals": 1, "Next": "N"], "The field 'Variable' is required at /C/0"),
            (
                ["Variable": "x", "NumericEquals": 1, "Next": "N"],
                "The value for the field 'Variable' must be a valid JSONPath at /C/0"
            ),
            (
                ["Variable": "$.x", "NumericEquals": "1", "Next": "N"],
                "The value for the field 'NumericEquals' must be a number at /C/0"
            ),
            (
                ["Variable": "$.x", "StringEqualsPath": "y", "Next": "N"],
                "The value for the field 'StringEqualsPath' must be a valid JSONPath at /C/0"
            ),
            (
                ["Variable": "$.x", "TimestampEquals": "now", "Next": "N"],
                "The value for the field 'TimestampEquals' must be a timestamp at /C/0"
            ),
            (
                ["Variable": "$.x", "IsPresent": 1, "Next": "N"],
                "The value for the field 'IsPresent' must be a boolean at /C/0"
            ),
            (
                ["Variable": "$.x", "StringMatchesPath": "$.y", "Next": "N"],
                "Field 'StringMatchesPath' is not supported at /C/0"
            ),
            (
                ["Variable": "$.x", "IsNull": true, "IsString": true, "Next": "N"],
                "A choice rule must have exactly one operator, but has 'IsNull', 'IsString' at /C/0"
            ),
            (["And": [], "Next": "N"], "The field 'And' must be a non-empty array of choice rules at /C/0/And"),
            (
                ["Not": ["Variable": "$.x", "IsNull": true, "Next": "M"], "Next": "N"],
                "The field 'Next' is allowed only at the top of a choice rule at /C/0/Not"
            ),
            (
                ["Or": [["Variable": "$.x", "IsNull": true], 1], "Next": "N"],
                "A choice rule must be an object at /C/0/Or/1"
            ),
        ] as [(JSONValue, String)]
    )
    func refused(rule: JSONValue, problem: String) {
        let place = JSONPointer().appending("C").appending(0)
        let error = #expect(throws: InvalidChoiceRule.self) { try ChoiceRule(compiling: rule, at: place) }
        #expect(error?.description == problem)
    }

    @Test("reports all problems at once")
    func allProblems() {
        let rule: JSONValue = ["And": [["Variable": "x", "IsNull": 1], ["Not": [:]]]]
        let error = #expect(throws: InvalidChoiceRule.self) { try ChoiceRule(compiling: rule, at: JSONPointer()) }
        #expect(error?.problems.count == 4)
    }

    @Test("may be nested as deeply as JSON")
    func depth() throws {
        var rule: JSONValue = ["Variable": "$.x", "IsPresent": true]
        for _ in 0..<500 { rule = ["Not": rule] }
        let members = try #require(rule.object)
        let compiled = try ChoiceRule(compiling: .object(members.merging("Next", "N")), at: JSONPointer())
        #expect(try compiled.matches(Scope(input: ["x": 1], context: .recorded())))
    }
}

extension JSONObject {
    fileprivate func merging(_ key: String, _ value: JSONValue) -> JSONObject {
        var members = self
        members[key] = value
        return members
    }
}

extension [String: JSONValue] {
    fileprivate func merging(_ key: String, _ value: JSONValue) -> JSONObject {
        var members = JSONObject(map { (key: $0.key, value: $0.value) })
        members[key] = value
        return members
    }
}
