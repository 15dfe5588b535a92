import Foundation
import JSON
import JSONata
import Testing

@Suite("Expressions that nobody meant")
struct JSONataFuzzTests {
    /// A generator whose numbers are the same in every run.
    struct SplitMix: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var mixed = state
            mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
            mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
            return mixed ^ (mixed >> 31)
        }
    }

    static let isLong = ProcessInfo.processInfo.environment["BRAID_LONG"] == "1"

    static let seeds = [
        "Account.Order.Product{`Product Name`: [Price, Quantity]}^(>Price)[0..2]",
        "( $f := function($n, $s)<nn?:n>{ $n <= 1 ? $s : $f($n - 1, $n * $s) }; $map([1..9], $f(?, 1)) ~> $sum() )",
        "$replace('abracadabra', /(a)(b|c)*?(?=r)/i, function($m) { $m.match & $m.groups[1] })",
        "Account.Order@$o#$i.Product[ProductID = $o.OrderID].{'i': $i, 'up': %.OrderID, '**': **[$number(`x`) > -1.5e2]}",
        "$ ~> |Account.Order|{'total': $sum(Product.(Price * Quantity))}, ['OrderID', \"a\\u00e9\\n\"]|",
        "$fromMillis(1521801216617, '[FNn], [D1o] of [MNn] [Y0001,2-4] [H#1]:[m01]:[s].[f001] [z]', '-0530') ~> $toMillis('[Y]')",
        "$formatNumber(-1234.5678, '#,##0.00;(#,##0.0e00)') & $formatInteger(1999, 'Ww;o') & $formatBase(-255, 16)",
        "$reduce($zip([1,2],[3,4]), λ($a,$b){$append($a,$b)}, [])[$ in [1..3] and true or null] ?: false ?? *",
        "$eval('[1,2].{\"a\": $}') ~> $spread ~> $merge ~> $string(true) /* a comment */ ~> $split(/\\s*,\\s*/)",
    ]
    static let pieces = [
        "(", ")", "[", "]", "{", "}", "^(", "@$x", "#$i", "%", "**", "..", ":=", "~>", "?", ":", "$", "$$", "|", "/a*/",
        "'",
        "\"", "`", "\\", "-", "1e308", "0", "999999999999", "é", "😀", "function($x){$x($x)}", "λ", "$string",
        "<a+a+:x>",
        "/(a*)*b/", "/(?<=(x+x+)+)y/", "[1..9999999]", "$pad('', 1e9)", "?:", "??", "and", "null", "\u{0}", "/*", "*/",
    ]

    @Test("end in a value or an error, within their bounds")
    func mutations() throws {
        var random = SplitMix(state: 20_240_701)
        var expressions = Self.seeds
        if SharedFolder.isThere { expressions += try OfficialCase.all().map(\.expression) }
        let input = try JSONValue(
            parsing: """
                {"Account": {"Order": [{"OrderID": 1, "Product": [{"ProductID": 1, "Price": 2.50, "Quantity": 3}]}]},
                 "x": ["1", null, true, [[2]], {"": {}}]}
                """
        )
        var accepted = 0
        for _ in 0..<(Self.isLong ? 400_000 : 4_000) {
            let text = mutated(expressions.randomElement(using: &random) ?? "", &random)
            guard let expression = try? Expression(parsing: text) else { continue }
            var environment = Environment(
                now: 1_700_000_000_000,
                generator: random,
                limits: .init(steps: 50_000, memory: 100_000)
            )
            if let result = try? expression.evaluate(on: input, environment: &environment) {
                accepted += 1
                #expect((try? JSONValue(parsing: result.text)) != nil || result.depth > JSONValue.maximumDepth)
            }
            // What passes the bounds ends it; that may have asked for as much as the longest range.
            #expect(environment.stepsTaken < 20_000_000, "\(text)")
        }
        #expect(accepted > 300)
    }

    @Test("end in a value or an error, whatever their bytes are")
    func bytes() {
        var random = SplitMix(state: 20_240_702)
        for _ in 0..<(Self.isLong ? 200_000 : 4_000) {
            let bytes = (0..<Int.random(in: 0...40, using: &random)).map { _ in
                UInt8.random(in: 0...255, using: &random)
            }
            let expression = try? Expression(parsing: String(decoding: bytes, as: UTF8.self))
            var environment = Environment(now: 0, generator: random, limits: .init(steps: 100_000, memory: 100_000))
            _ = try? expression?.evaluate(on: nil, environment: &environment)
        }
    }

    private func mutated(_ text: String, _ random: inout SplitMix) -> String {
        var scalars = Array(text.unicodeScalars)
        for _ in 0..<Int.random(in: 1...3, using: &random) {
            let place = Int.random(in: 0...scalars.count, using: &random)
            switch Int.random(in: 0..<5, using: &random) {
            case 0, 1:
                scalars.insert(contentsOf: (Self.pieces.randomElement(using: &random) ?? "").unicodeScalars, at: place)
            case 2: scalars.removeSubrange(place..<min(scalars.count, place + Int.random(in: 1...4, using: &random)))
            case 3:
                let other = (Self.seeds.randomElement(using: &random) ?? "").unicodeScalars.prefix(30)
                scalars.insert(contentsOf: other, at: place)
            default:
                let end = min(scalars.count, place + Int.random(in: 1...12, using: &random))
                scalars.insert(contentsOf: scalars[place..<end], at: place)
            }
        }
        var view = String.UnicodeScalarView()
        view.append(contentsOf: scalars)
        return String(view)
    }
}
