import JSON
import JSONata
import Testing

@Suite("An evaluation's cost")
struct LinearCostTests {
    static let expressions = [
        "$states.input.items.sku", "$count($states.input.items[quantity > 3])", "items.tags[0]", "items.*", "**.sku",
        "$sum(items.(price * quantity))", "items{sku: $sum(quantity)}", "$distinct(items.sku)", "$string(items)",
        "$map(items, function($i) { $i.price })", "$join(items.sku, ',')", "$keys(items)", "$merge(items.{sku: price})",
        "$split($join(items.sku, ','), /,/)", "$replace($join(items.sku, ','), /[0-9]+/, 'n')", "$reverse(items)",
        "$contains($join(items.sku), /(x+x+)+y/)", "$match($join(items.sku, ' '), /m-(\\d+)/)", "$spread(items)",
        "$ ~> |items|{'total': price * quantity}|", "items#$i[$i % 2 = 0].sku", "items@$i.{'s': $i.sku}",
        "items.tags.{'sku': %.sku}", "$each(items[0], $string)", "$append(items, items)",
        "$zip(items.sku, items.price)",
        "items = items", "$states.input = $states.input",
    ]

    private static func steps(_ expression: Expression, lines: Int) throws -> Double {
        let items: [JSONValue] = (0..<lines).map { number in
            [
                "sku": .string("item-\(number % 997)"), "price": .number(JSONNumber(number % 50)),
                "quantity": .number(JSONNumber(number % 7)), "tags": ["a", "b"],
            ]
        }
        let input: JSONValue = ["id": "A-1001", "items": .array(items)]
        var environment = Environment(now: 0, generator: SystemRandomNumberGenerator())
        let bindings = ["states": Binding.value(["input": input])]
        _ = try expression.evaluate(on: input, bindings: bindings, environment: &environment)
        return Double(environment.stepsTaken)
    }

    @Test(
        "grows with the input and no faster: ten times the input is at most eleven times the steps",
        arguments: expressions
    )
    func linear(text: String) throws {
        let expression = try Expression(parsing: text)
        let few = try Self.steps(expression, lines: 300)
        let many = try Self.steps(expression, lines: 3_000)
        #expect(many <= few * 11, "\(many / few) times")
    }

    @Test("of a path does not depend on what it does not visit")
    func untouched() throws {
        let expression = try Expression(parsing: "$states.input.id & items[0].sku")
        #expect(try Self.steps(expression, lines: 10) == Self.steps(expression, lines: 10_000))
    }
}
