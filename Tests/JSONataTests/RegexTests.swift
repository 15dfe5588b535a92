import JSON
import JSONata
import Testing

@Suite("A regular expression")
struct RegexTests {
    struct Row: Sendable, CustomTestStringConvertible {
        let pattern: String
        let text: String
        /// The first match and its groups; `nil` if there is none.
        let match: [String?]?
        var testDescription: String { "/\(pattern)/ on \(text)" }

        init(_ pattern: String, _ text: String, _ match: [String?]?) {
            self.pattern = pattern
            self.text = text
            self.match = match
        }
    }

    static let rows = [
        Row("a.c", "xabcx", ["abc"]), Row("a.c", "a\nc", nil), Row("^b", "a\nb", nil), Row("a*?b", "aab", ["aab"]),
        Row("(a)|(b)", "b", ["b", nil, "b"]), Row("(a+)(b+)?", "aac", ["aa", "aa", nil]),
        Row("a{2,3}", "aaaa", ["aaa"]),
        Row("a{2}?", "aaa", ["aa"]), Row("a{,2}", "a{,2}", ["a{,2}"]), Row("[^a-c\\d]", "a1d", ["d"]),
        Row("[\\w-]+", "!a-b_1", ["a-b_1"]), Row("\\bfoo\\b", "a foo", ["foo"]), Row("\\bfoo\\b", "afoo", nil),
        Row("(?<year>\\d{4})-\\k<year>", "2018-2018", ["2018-2018", "2018"]), Row("(.)\\1", "abb", ["bb", "b"]),
        Row("a(?=b)", "acab", ["a"]), Row("a(?!b)", "abac", ["a"]), Row("(?<=\\$)\\d+", "1$23", ["23"]),
        Row("(?<!\\$)\\b\\d+", "$1 23", ["23"]), Row("(?:ab)+", "ababa", ["abab"]),
        Row("(z)((a+)?(b+)?(c))*", "zaacbbbcac", ["zaacbbbcac", "z", "ac", "a", nil, "c"]),
        Row("(a*)*", "b", ["", nil]), Row("\\u0041\\x42\\t", "AB\t", ["AB\t"]),
        Row("\\/\\.", "/.", ["/."]),
        Row("(a|ab)(c|bcd)(d*)", "abcd", ["abcd", "a", "bcd", ""]), Row("^(?:a|ab)$", "ab", ["ab"]),
    ]

    @Test("matches as JavaScript's does", arguments: rows)
    func match(_ row: Row) throws {
        var environment = Environment(now: 0, generator: SystemRandomNumberGenerator())
        let expression = try Expression(parsing: "$match($text, /\(row.pattern)/, 1).{'m': match, 'g': [groups]}")
        let result = try expression.evaluate(
            on: nil,
            bindings: ["text": .value(.string(row.text))],
            environment: &environment
        )
        #expect(result?["m"]?.string == row.match?.first ?? nil)
        let groups = result?["g"]?.array ?? []
        #expect(groups.compactMap(\.string) == (row.match ?? []).dropFirst().compactMap(\.self))
    }

    @Test("ignores case and minds lines where its flags say so")
    func flags() throws {
        #expect(try ExpressionTests.result("$contains('ÄB', /äb/i)") == "true")
        #expect(try ExpressionTests.result("$contains('a\\nb', /^b$/m)") == "true")
        #expect(try ExpressionTests.result("$contains('a\\nb', /^b$/)") == "false")
    }

    @Test(
        "that is none is an error",
        arguments: ["(", "a)", "*a", "[b-a]", "(?<n>a)(?<n>b)", "a{3,2}", "(?z)", "\\k<n>(?<m>a)"]
    )
    func malformed(pattern: String) {
        #expect(throws: JSONataError.self) { try Expression(parsing: "/\(pattern)/") }
    }

    @Test(
        "takes time in proportion to the text, however many ways there are to read it",
        arguments: ["(x+x+)+y", "(a|a)*b", "(.*)*,(.*)*;", "^(\\\\w+\\\\s?)*$"]
    )
    func linear(pattern: String) throws {
        func steps(_ length: Int) throws -> Int {
            var environment = Environment(now: 0, generator: SystemRandomNumberGenerator())
            let expression = try Expression(parsing: "$contains($pad('', \(length), 'xa ') & '!', /\(pattern)/)")
            _ = try expression.evaluate(on: nil, environment: &environment)
            return environment.stepsTaken
        }
        #expect(try steps(16_000) < 5 * steps(4_000))
    }
}
