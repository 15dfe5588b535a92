import Foundation
import Glibc
import JSON
import JSONata

/// Measures how many expressions are evaluated in a second of processor time, on small inputs and on one of a megabyte, a tenth
/// of it and ten times as much.
///
///     swift run -c release jsonata-bench [SECONDS]
///
/// Prints a line of JSON for each: the name, the evaluations a second, and the microseconds of one. `cases.json` beside this
/// file has the expressions, so that other implementations can be measured with the same.
let folder = URL(filePath: #filePath).deletingLastPathComponent()
let seconds = CommandLine.arguments.dropFirst().first.flatMap { Double($0) } ?? 1
let cases = try JSONValue(parsing: try String(contentsOf: folder.appending(path: "cases.json"), encoding: .utf8))

/// An order with so many lines.
func order(lines: Int) -> JSONValue {
    let items: [JSONValue] = (0..<lines).map { number in
        [
            "sku": .string("item-\(number % 97)"), "price": .number(JSONNumber(number % 50)),
            "quantity": .number(JSONNumber(number % 7)), "tags": ["a", "b"],
            "text": .string("The quick brown fox \(number)"),
        ]
    }
    return ["id": "A-1001", "customer": ["name": "Ada", "tier": "gold"], "items": .array(items)]
}

let inputs = [
    "small": order(lines: 5), "tenth": order(lines: 1_000), "large": order(lines: 10_000),
    "tenfold": order(lines: 100_000),
]
for value in cases.array ?? [] {
    let text = value["expr"]?.string ?? ""
    let expression = try Expression(parsing: text)
    let input = inputs[value["input"]?.string ?? ""] ?? .null
    let bindings = ["states": Binding.value(["input": input])]
    var environment = Environment(now: 0, generator: SystemRandomNumberGenerator())
    var count = 0
    // The processor's time, not the clock's: others may use the machine.
    let start = clock()
    var elapsed = 0.0
    while elapsed < seconds {
        let round = value["input"]?.string == "small" ? 1_000 : 1
        for _ in 0..<round {
            _ = try expression.evaluate(on: input, bindings: bindings, environment: &environment)
        }
        count += round
        elapsed = Double(clock() - start) / Double(CLOCKS_PER_SEC)
    }
    let each = elapsed * 1_000_000 / Double(count)
    let report: JSONValue = [
        "name": value["name"] ?? .null, "perSecond": .number(JSONNumber(Int(1_000_000 / each))),
        "microseconds": .number(JSONNumber((each * 100).rounded() / 100)),
        "steps": .number(JSONNumber(environment.stepsTaken)),
    ]
    print(report.text)
}
