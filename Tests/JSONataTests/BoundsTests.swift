import Foundation
import JSON
import JSONata
import Testing

@Suite("An evaluation's bounds")
struct BoundsTests {
    /// The code of the error that an expression ends in; `nil` if it ends in a value.
    static func code(_ text: String, on input: JSONValue? = nil, _ limits: Environment.Limits = .init()) -> String? {
        var environment = Environment(now: 0, generator: SystemRandomNumberGenerator(), limits: limits)
        do {
            _ = try Expression(parsing: text).evaluate(on: input, environment: &environment)
            return nil
        } catch {
            return error.code
        }
    }

    static let endless = [
        "($f := function($n) { 1 + $f($n + 1) }; $f(1))",
        "($f := function($n) { $map([1], function() { $f($n) })[0] }; $f(1))",
        "($f := function($n) { [$n] ~> $f }; $g := function($x) { $x.$f($) }; $g([1]))",
        "($x := '$eval($x)'; $eval($x))",
        "$reduce([1..100000], function($f, $i) { $f ~> $string })('a')",
    ]

    @Test("end recursion before the stack does, on any thread", arguments: endless)
    func recursion(text: String) async {
        let limits = Environment.Limits(steps: 500_000)
        #expect(Self.code(text, limits) != nil)
        let onThread = await withCheckedContinuation { continuation in
            let thread = Thread { continuation.resume(returning: Self.code(text, limits)) }
            thread.stackSize = 8 << 20
            thread.start()
        }
        #expect(onThread != nil)
    }

    @Test("leave room for recursion of some hundred calls, even unoptimised")
    func deep() {
        #expect(Self.code("($f := function($n) { $n = 0 ? 0 : 1 + $f($n - 1) }; $f(200))") == nil)
    }

    @Test("do not count calls in tail position")
    func tailCalls() {
        let text = "($f := function($n, $s) { $n = 0 ? $s : $f($n - 1, $s + $n) }; $f(100000, 0))"
        #expect(Self.code(text, .init(depth: 50)) == nil)
    }

    @Test(
        "end what goes on without end, or makes more than is allowed",
        arguments: [
            "($f := function($n) { $f($n + 1) }; $f(1))",
            "$reduce([1..60], function($a, $i) { $append($a, $a) }, [1, 2])",
            "$reduce([1..60], function($a, $i) { $a & $a }, 'ab')",
            "$reduce([1..60], function($a, $i) { {'a': $a, 'b': $a} }, 'ab') ~> $string()",
            "$pad('', 100000000000)",
            "[1..9999999].[1..9999999]",
            "$replace($pad('', 10000, 'a'), 'a', $pad('', 100000))",
            "$contains($pad('', 40, 'a'), /^(a|a)*\\1$b/)",
        ]
    )
    func cost(text: String) {
        #expect(Self.code(text, .init(steps: 1_000_000, memory: 1_000_000)) == "U1001")
    }

    @Test("refuse values that are nested too deeply to be released or written")
    func nesting() {
        #expect(Self.code("$reduce([1..100000], function($a, $i) { [[$a]] }, 1)") == "D1014")
        #expect(Self.code("$reduce([1..100000], function($a, $i) { {'a': $a} }, 1)") == "D1014")
        #expect(Self.code("$reduce([1..100000], function($a, $i) { $f(?, $a) }, 1)", .init()) != nil)
    }

    @Test("release chains of functions of any length, one by one")
    func chains() {
        #expect(Self.code("$type($reduce([1..100000], function($a, $i) { function() { $a } }, 1))") == nil)
    }

    @Test(
        "refuse expressions that are nested too deeply, however they are",
        arguments: [
            String(repeating: "(", count: 100_000), String(repeating: "[", count: 100_000) + "1",
            String(repeating: "a.", count: 100_000) + "a", "1" + String(repeating: "+1", count: 100_000),
            String(repeating: "-", count: 100_000) + "1", "a" + String(repeating: "[0]", count: 100_000),
            "a" + String(repeating: " ?: a", count: 100_000), String(repeating: "function(){", count: 50_000),
            "/" + String(repeating: "(", count: 10_000) + String(repeating: ")", count: 10_000) + "/",
            "function($x)<" + String(repeating: "a", count: 100_000) + ":x>{1}",
        ]
    )
    func syntax(text: String) { #expect(Self.code(text) != nil) }

    @Test("end when the caller says that time is up")
    func expired() throws {
        var asked = 0
        var environment = Environment(now: 0, generator: SystemRandomNumberGenerator())
        environment.isExpired = {
            asked += 1
            return asked > 3
        }
        let expression = try Expression(parsing: "($f := function($n) { $f($n + 1) }; $f(1))")
        #expect(throws: JSONataError.self) { try expression.evaluate(on: nil, environment: &environment) }
        #expect(asked == 4)
        #expect(environment.stepsTaken < 100_000)
    }
}
