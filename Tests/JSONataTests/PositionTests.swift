import JSON
import JSONata
import Testing

@Suite("An error")
struct PositionTests {
    struct Row: Sendable, CustomTestStringConvertible {
        let expression: String
        let code: String
        let position: Int
        let token: String?
        let message: String
        var testDescription: String { expression }
    }

    // As the reference implementation tells them.
    static let rows = [
        Row(
            expression: "\"a",
            code: "S0101",
            position: 2,
            token: nil,
            message: "String literal must be terminated by a matching quote"
        ),
        Row(
            expression: "a.b[",
            code: "S0203",
            position: 4,
            token: "(end)",
            message: "Expected \"]\" before end of expression"
        ),
        Row(expression: "(1; 2 3)", code: "S0202", position: 7, token: "3", message: "Expected \")\", got 3"),
        Row(expression: "1 ! 2", code: "S0204", position: 3, token: "!", message: "Unknown operator: \"!\""),
        Row(expression: "", code: "S0207", position: 0, token: "(end)", message: "Unexpected end of expression"),
        Row(
            expression: "😀 + )",
            code: "S0211",
            position: 6,
            token: ")",
            message: "The symbol \")\" cannot be used as a unary operator"
        ),
        Row(
            expression: "a.5",
            code: "S0213",
            position: 3,
            token: nil,
            message: "The literal value 5 cannot be used as a step within a path expression"
        ),
        Row(
            expression: "1 + 'a'",
            code: "T2002",
            position: 3,
            token: "+",
            message: "The right side of the \"+\" operator must evaluate to a number"
        ),
        Row(
            expression: "$sum('a')",
            code: "T0412",
            position: 5,
            token: "sum",
            message: "Argument 1 of function \"sum\" must be an array of \"numbers\""
        ),
        Row(
            expression: "1 + $number('x')",
            code: "D3030",
            position: 12,
            token: "number",
            message: "Unable to cast value to a number: \"x\""
        ),
        Row(expression: "$f(1)", code: "T1006", position: 3, token: "f", message: "Attempted to invoke a non-function"),
        Row(
            expression: "[1, 'a']^($)",
            code: "T2007",
            position: 9,
            token: nil,
            message: "Type mismatch when comparing values 1 and \"a\" in order-by clause"
        ),
        Row(
            expression: "-'a'",
            code: "D1002",
            position: 1,
            token: "-",
            message: "Cannot negate a non-numeric value: \"a\""
        ),
        Row(expression: "(1/0) + 1", code: "D1001", position: 7, token: "+", message: "Number out of range: null"),
        Row(expression: "$error('no')", code: "D3137", position: 7, token: "error", message: "no"),
        Row(
            expression: "1 and $number('x')",
            code: "D3030",
            position: 5,
            token: "and",
            message: "Unable to cast value to a number: \"x\""
        ),
        Row(
            expression: "/(a/",
            code: "S0302",
            position: 4,
            token: nil,
            message: "No terminating / in regular expression"
        ),
    ]

    @Test(
        "tells its code, its place in UTF-16 and what stood there, in the reference implementation's words",
        arguments: rows
    )
    func error(_ row: Row) throws {
        var environment = Environment(now: 0, generator: SystemRandomNumberGenerator())
        let error = try #require(throws: JSONataError.self) {
            try Expression(parsing: row.expression).evaluate(on: nil, environment: &environment)
        }
        #expect(error.code == row.code)
        #expect(error.position == row.position)
        #expect(error.token == row.token)
        #expect(error.message == row.message)
    }

    @Test("is described without the values in it")
    func description() throws {
        var environment = Environment(now: 0, generator: SystemRandomNumberGenerator())
        let error = try #require(throws: JSONataError.self) {
            try Expression(parsing: "$number('secret')").evaluate(on: nil, environment: &environment)
        }
        #expect(error.description == "D3030 at 8")
    }
}
