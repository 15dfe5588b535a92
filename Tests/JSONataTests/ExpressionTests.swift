import JSON
import JSONata
import Testing

@Suite("An expression")
struct ExpressionTests {
    @Test("is read once and evaluated on many inputs")
    func reused() throws {
        let expression = try Expression(parsing: "a + 1")
        var environment = Environment(now: 0, generator: SystemRandomNumberGenerator())
        #expect(try expression.evaluate(on: ["a": 1], environment: &environment)?.text == "2")
        #expect(try expression.evaluate(on: ["a": 1.5], environment: &environment)?.text == "2.5")
    }
}
