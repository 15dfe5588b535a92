import JSON
import JSONata
import Testing

@Suite("An expression")
struct ExpressionTests {
    struct Row: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let expression: String
        var input: String?
        let result: String?
    }

    static func result(_ text: String, on input: String? = nil, _ bindings: [String: Binding] = [:]) throws -> String? {
        var environment = Environment(now: 1_509_380_732_935, generator: FixedGenerator())
        let value = try input.map { try JSONValue(parsing: $0) }
        return try Expression(parsing: text).evaluate(on: value, bindings: bindings, environment: &environment)?.text
    }

    struct FixedGenerator: RandomNumberGenerator {
        mutating func next() -> UInt64 { 1 << 63 }
    }

    static let rows = [
        Row(
            testDescription: "keeps the spelling of numbers that pass through",
            expression: "[a, b.c]",
            input: #"{"a": 1.0, "b": [{"c": 1e2}]}"#,
            result: "[1.0,1e2]"
        ),
        Row(
            testDescription: "writes computed numbers as JavaScript does",
            expression: "[a * 1, 0.1 + 0.2, 1e21 + 0, 1 / 3, -0 * 1, 1e-7 * 1]",
            input: #"{"a": 1.0}"#,
            result: "[1,0.30000000000000004,1e+21,0.3333333333333333,0,1e-7]"
        ),
        Row(
            testDescription: "keeps 64 bits of integers in texts",
            expression: "'id-' & id",
            input: #"{"id": 1234567890123456789}"#,
            result: #""id-1234567890123456789""#
        ),
        Row(
            testDescription: "keeps the order of members",
            expression: #"{"b": 1, "1": 2, "a": 3}"#,
            result: #"{"b":1,"1":2,"a":3}"#
        ),
        Row(testDescription: "writes infinity as a text", expression: "1 / 0", result: #""Infinity""#),
        Row(testDescription: "compares texts by code points", expression: "'é' = 'e\\u0301'", result: "false"),
        Row(testDescription: "orders texts by UTF-16", expression: "'😀' < '\\uFFFD'", result: "true"),
        Row(testDescription: "counts texts by code points", expression: "$length('😀é')", result: "2"),
        Row(
            testDescription: "tells one time throughout",
            expression: "[$millis(), $now()]",
            result: #"[1509380732935,"2017-10-30T16:25:32.935Z"]"#
        ),
        Row(
            testDescription: "spreads an array into an array, even of one",
            expression: "[$string($spread([{'a': 1}])), $string($spread({'a': 1}))]",
            result: #"["[{\"a\":1}]","{\"a\":1}"]"#
        ),
        Row(
            testDescription: "gives a composition's first function one argument",
            expression: "($f := $sum ~> $string; [$f([1, 2], 3), $exists($f())])",
            result: #"["3",false]"#
        ),
        Row(
            testDescription: "drops what a built-in function takes no more of when it is partially applied",
            expression: "($f := $boolean(?, 1, ?); $g := $substring(?); [$f(1), $g('abc')])",
            result: #"[true,"abc"]"#
        ),
        Row(
            testDescription: "reads an hour without its half of the day as one of the first half",
            expression: "$fromMillis($toMillis('1:30', '[h]:[m]'))",
            result: #""2017-10-30T01:30:00.000Z""#
        ),
        Row(testDescription: "draws from the caller's generator", expression: "$random()", result: "0.5"),
        Row(testDescription: "takes undefined for an input", expression: "$", result: nil),
        Row(testDescription: "takes an array for one input", expression: "$[1]", input: "[1, 2]", result: "2"),
        Row(
            testDescription: "takes the first of two with ?:",
            expression: "a[1] ?: 3",
            input: #"{"a": [1, 2]}"#,
            result: "2"
        ),
        Row(
            testDescription: "changes a copy",
            expression: "{'new': $ ~> |a|{'b': 2}|, 'old': $}",
            input: #"{"a": {"b": 1}}"#,
            result: #"{"new":{"a":{"b":2}},"old":{"a":{"b":1}}}"#
        ),
        Row(
            testDescription: "puts a value into itself without end",
            expression: "$ ~> |$|{'self': $}|",
            input: #"{"a": 1}"#,
            result: #"{"a":1,"self":{"a":1}}"#
        ),
        Row(
            testDescription: "formats zones behind UTC with minutes",
            expression: "$fromMillis(0, '[H01]:[m01] [Z]', '-0330')",
            result: #""20:30 -03:30""#
        ),
        Row(
            testDescription: "formats 0 with an exponent",
            expression: "$formatNumber(0, '0.0e0')",
            result: #""0.0e0""#
        ),
    ]

    @Test(arguments: rows)
    func evaluates(_ row: Row) throws { #expect(try Self.result(row.expression, on: row.input) == row.result) }

    @Test("is read once and evaluated on many inputs")
    func reused() throws {
        let expression = try Expression(parsing: "a + 1")
        var environment = Environment(now: 0, generator: FixedGenerator())
        #expect(try expression.evaluate(on: ["a": 1], environment: &environment)?.text == "2")
        #expect(try expression.evaluate(on: ["a": 1.5], environment: &environment)?.text == "2.5")
    }

    @Test("calls the caller's functions before the built-in ones, and none that the caller takes away")
    func bindings() throws {
        let twice = try NativeFunction("twice", signature: "<n:n>", arity: 1) { arguments, _ in
            .number(JSONNumber((arguments[0]?.int ?? 0) * 2))
        }
        #expect(try Self.result("$map([1, 2], $sum)", ["sum": .function(twice)]) == "[2,4]")
        #expect(try Self.result("$exists($eval)", ["eval": .absent]) == "false")
        #expect(throws: JSONataError.self) { try Self.result("$eval('1')", ["eval": .absent]) }
        #expect(throws: JSONataError.self) { try Self.result("$twice('a')", ["twice": .function(twice)]) }
    }

    @Test("says which variables it reads, and which paths below them")
    func variables() throws {
        let expression = try Expression(
            parsing:
                "($y := $x; $map($states.input.items, function($i) { $i.a + $y }) ~> $sum()) & $states.context.Name[$z]"
        )
        #expect(expression.variables == ["x", "states", "z"])
        #expect(
            expression.references == [
                "x", "z", "states", "states.input", "states.input.items", "states.context", "states.context.Name",
            ]
        )
    }
}
