import JSON
import StatesLanguage
import Testing

@Suite("The call of an intrinsic function")
struct IntrinsicParserTests {
    @Test(
        "is refused",
        arguments: [
            "", "States.UUID", "States.UUID(", "States.UUID())", "States.UUID() x", "States.Nothing()", "UUID()",
            "States.Array(1,)", "States.Array(,1)", "States.Array(1 2)", "States.Array('a)", #"States.Array('\n')"#,
            #"States.Array('\"')"#, #"States.Array('a\')"#, "States.Array($.)", "States.Array(- 1)", "States.Array(01)",
            "States.Array(\"a\")", "States.Array(States)", "States.Array(nil)", "States.Array((1))", "1", "'a'",
            "States.Array($.a[?(@.b == ')'])", "States.Array(\u{0})",
        ]
    )
    func refused(_ text: String) {
        #expect(throws: DataFlowError.self) { try IntrinsicCall(parsing: text) }
    }

    static let rows = [
        IntrinsicRow("takes spaces between its parts", " States.Array ( 1 ,\t'a' ) ", gives: #"[1,"a"]"#),
        IntrinsicRow(
            "takes constants and numbers",
            "States.Array(true,false,null,-1.50,1E2)",
            gives: "[true,false,null,-1.50,1E2]"
        ),
        IntrinsicRow("unescapes strings", #"States.Array('\'\{\}\\')"#, gives: #"["'{}\\"]"#),
        IntrinsicRow("takes commas and parentheses in strings", "States.Array('a,)(')", gives: #"["a,)("]"#),
        IntrinsicRow("takes them in quoted names", "States.Array($['a,)b'])", on: ["a,)b": 1], gives: "[1]"),
        IntrinsicRow(
            "takes filters",
            "States.Array($.a[?(@.b == 'x)')].b)",
            on: ["a": [["b": "x)"]]],
            gives: #"[["x)"]]"#
        ),
        IntrinsicRow("reads the context object", "States.Array($$.State.Name)", gives: #"["State_0"]"#),
        IntrinsicRow("prints an explicit null", "States.Array($.a)", on: ["a": nil], gives: "[null]"),
        IntrinsicRow(
            "names a missing argument and the input",
            "States.Format('{}',$.nope)",
            on: ["other": 1],
            failsWith: "The function 'States.Format('{}',$.nope)' had the following error: "
                + "The JsonPath argument for the field '$.nope' could not be found in the input '{\"other\":1}'"
        ),
        IntrinsicRow(
            "names the whole call where an inner one fails",
            "States.Array(States.MathAdd('a', 1))",
            failsWith: "The function 'States.Array(States.MathAdd('a', 1))' had the following error: "
                + "Invalid arguments in States.MathAdd"
        ),
        IntrinsicRow(
            "names a path into the context object without its mark",
            "States.Array($$.Nope.Deep)",
            failsWith: "for the field '$.Nope.Deep' could not be found in the input '{}'"
        ),
        IntrinsicRow(
            "misses an element beyond the end",
            "States.Array($[1])",
            on: [1],
            failsWith: "could not be found"
        ),
        IntrinsicRow("misses a variable", "States.Array($nope)", failsWith: "'nope'"),
    ]

    @Test(arguments: rows)
    func evaluation(_ row: IntrinsicRow) { row.check() }

    @Test("may stand within nine others, not within ten")
    func depth() throws {
        func nested(_ depth: Int) -> String {
            String(repeating: "States.Array(", count: depth) + String(repeating: ")", count: depth)
        }
        #expect(throws: Never.self) { try IntrinsicCall(parsing: nested(10)) }
        #expect(throws: DataFlowError.self) { try IntrinsicCall(parsing: nested(11)) }
        #expect(throws: DataFlowError.self) { try IntrinsicCall(parsing: nested(100_000)) }
    }

    @Test("is deterministic unless it draws without a seed")
    func determinism() throws {
        #expect(try IntrinsicCall(parsing: "States.Array(States.MathRandom(1, 2, 3))").isDeterministic)
        #expect(try !IntrinsicCall(parsing: "States.Array(States.MathRandom(1, 2))").isDeterministic)
        #expect(try !IntrinsicCall(parsing: "States.MathRandom(1, 2, States.MathRandom(1, 2))").isDeterministic)
    }

    @Test("that would make too much data fails before it does")
    func budget() throws {
        let big = JSONValue.string(String(repeating: "x", count: 200_000))
        let places = String(repeating: "{}", count: 1000)
        let call = try IntrinsicCall(
            parsing: "States.Format('\(places)'\(String(repeating: ",$", count: 1000)))"
        )
        var generator = CountingGenerator()
        let error = #expect(throws: DataFlowError.self) {
            try call.evaluate(in: Scope(input: big, context: .recorded()), using: &generator)
        }
        #expect(error?.errorName == "States.DataLimitExceeded")
    }
}
