import JSON
import StatesLanguage
import Testing

@Suite("Texts of definitions and data, mutated at random")
struct MutationTests {
    static let seeds = [
        "States.Format('{} \\{ {}', $.a['b'][?(@.c == 'x')], States.MathAdd(1.5, -2e300))",
        "States.ArrayRange(-9223372036854775808, 9223372036854775807, 1e99999999999999999999)",
        "States.ArrayPartition($.list, 9223372036854775807)", "States.MathRandom(-1e18, 1e18, 9e18)",
        "States.Array($$.Execution.Input, $name.a[0], null, true, States.UUID())", "$.a[-9223372036854775808]",
        "2024-05-01T10:00:00.123456789+01:00", "-262143-01-01T00:00:00Z",
        #"{"Variable":"$.a","NumericLessThan":1e99999999999999999999,"Next":"N"}"#,
        #"{"And":[{"Variable":"$.s","StringMatches":"a*\\*b*"},{"Not":{"Variable":"$.t","IsTimestamp":true}}],"Next":"N"}"#,
        #"{"a.$":"$..*","b":[{"c.$":"States.StringToJson($.s)"}]}"#,
    ]

    static let input: JSONValue = [
        "a": ["b": [["c": "x"], 1]], "list": [1, 2, 3], "s": "a*b", "t": "2024-05-01T10:00:00Z",
    ]

    @Test("never trap")
    func mutations() {
        var generator = CountingGenerator()
        let scope = Scope(input: Self.input, context: .recorded(), variables: ["name": ["a": [1]]])
        for round in 0..<20_000 {
            var bytes = Array(Self.seeds[round % Self.seeds.count].utf8)
            for _ in 0..<Int.random(in: 0...4, using: &generator) where !bytes.isEmpty {
                let place = Int.random(in: bytes.indices, using: &generator)
                switch Int.random(in: 0..<3, using: &generator) {
                case 0: bytes.remove(at: place)
                case 1: bytes.insert(bytes[Int.random(in: bytes.indices, using: &generator)], at: place)
                default: bytes[place] = UInt8.random(in: 0...255, using: &generator)
                }
            }
            exercise(String(decoding: bytes, as: UTF8.self), in: scope, using: &generator)
        }
    }

    private func exercise(_ text: String, in scope: Scope, using generator: inout CountingGenerator) {
        _ = Timestamp(rfc3339: text)
        if let value = try? DynamicValue(parsing: text, field: "x.$") {
            _ = try? value.evaluate(in: scope, using: &generator)
        }
        if let path = try? ResultPathField(parsing: .string(text)) {
            _ = try? path.combine(JSONText(1), with: JSONText(scope.input))
        }
        guard let json = try? JSONValue(parsing: text) else { return }
        if let rule = try? ChoiceRule(compiling: json, at: JSONPointer()) { _ = try? rule.matches(scope) }
        if let template = try? PayloadTemplate(compiling: json, at: JSONPointer()) {
            _ = try? template.evaluate(in: scope, using: &generator)
        }
    }
}
