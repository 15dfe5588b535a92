import JSON
import StatesLanguage
import Testing

@Suite("Intrinsic functions on numbers")
struct MathFunctionTests {
    static let rows = [
        IntrinsicRow("add large integers exactly", "States.MathAdd(9007199254740993, 1)", gives: "9007199254740994"),
        IntrinsicRow("round half towards positive infinity", "States.MathAdd(-0.5, 2.5)", gives: "3"),
        IntrinsicRow("do not round up what is just below half", "States.MathAdd(0.49999999999999994, 0)", gives: "0"),
        IntrinsicRow("add numbers with exponents", "States.MathAdd(1e3, 1)", gives: "1001"),
        IntrinsicRow(
            "do not overflow",
            "States.MathAdd(9223372036854775807, 1)",
            failsWith: "Invalid arguments in States.MathAdd"
        ),
        IntrinsicRow(
            "do not add beyond integers",
            "States.MathAdd(1e19, 1)",
            failsWith: "Invalid arguments in States.MathAdd"
        ),
        IntrinsicRow(
            "do not add infinities",
            "States.MathAdd(1e400, 1)",
            failsWith: "Invalid arguments in States.MathAdd"
        ),
        IntrinsicRow("do not add strings", "States.MathAdd('1', 1)", failsWith: "Invalid arguments in States.MathAdd"),
        IntrinsicRow(
            "do not draw from nothing",
            "States.MathRandom(1, 1)",
            failsWith: "Invalid arguments in States.MathRandom"
        ),
        IntrinsicRow("draw the only one", "States.MathRandom(1.4, 1.6)", gives: "1"),
        IntrinsicRow("draw with a seed, in all versions alike", "States.MathRandom(1, 1000000, 42)", gives: "741565"),
        IntrinsicRow("do not take a string as a seed", "States.MathRandom(1, 9, 'x')", failsWith: "Invalid arguments"),
    ]

    @Test(arguments: rows)
    func call(_ row: IntrinsicRow) { row.check() }

    @Test(
        "draw from the first number on, below the second",
        arguments: [(-3, 3), (0, 1), (.min, .max), (.max - 1, .max), (-99999, -9999)] as [(Int, Int)]
    )
    func range(start: Int, end: Int) throws {
        let call = try IntrinsicCall(parsing: "States.MathRandom(\(start), \(end))")
        var generator = SystemRandomNumberGenerator()
        for _ in 0..<1000 {
            let number = try call.evaluate(in: Scope(input: nil, context: .recorded()), using: &generator).int
            #expect(number.map { (start..<end).contains($0) } == true)
        }
    }
}
