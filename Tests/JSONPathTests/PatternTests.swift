import Testing

@testable import JSONPath

@Suite("A pattern")
struct PatternTests {
    struct Row: Sendable, CustomTestStringConvertible {
        let pattern: String
        let flags: String
        let matching: [String]
        let others: [String]
        var testDescription: String { "/\(pattern)/\(flags)" }

        init(_ pattern: String, _ flags: String = "", matches matching: [String], not others: [String]) {
            self.pattern = pattern
            self.flags = flags
            self.matching = matching
            self.others = others
        }
    }

    static let rows = [
        Row("", matches: [""], not: ["a"]),
        Row("abc", matches: ["abc"], not: ["ab", "abcd", "xabc", "ABC"]),
        Row("a.c", matches: ["abc", "a😀c", "a\tc"], not: ["ac", "a\nc", "a\u{2028}c"]),
        Row("a.c", "s", matches: ["a\nc"], not: ["ac"]),
        Row("a*", matches: ["", "aaa"], not: ["b", "aab"]),
        Row("a+?b", matches: ["ab", "aab"], not: ["b"]),
        Row("(ab)?c", matches: ["c", "abc"], not: ["ababc"]),
        Row("a{2}", matches: ["aa"], not: ["a", "aaa"]),
        Row("a{2,}", matches: ["aa", "aaaa"], not: ["a"]),
        Row("a{0,2}b", matches: ["b", "ab", "aab"], not: ["aaab"]),
        Row("a|b|", matches: ["a", "b", ""], not: ["ab"]),
        Row("x(?:a|bc)+y", matches: ["xay", "xbcay"], not: ["xy", "xby"]),
        Row("[a-c-]+", matches: ["abc-"], not: ["d", ""]),
        Row("[^a-c]", matches: ["d", "\n"], not: ["a", ""]),
        Row("[]x]", matches: ["]", "x"], not: ["[]x]"]),
        Row(#"[\w.]+@\w+\.(com|org)"#, matches: ["a.b@c.com"], not: ["a@c.net", "@c.com"]),
        Row(#"\d\D\s\S\W"#, matches: ["1a b!"], not: ["11 b!"]),
        Row(#"\/\.\*"#, matches: ["/.*"], not: ["/ab"]),
        Row(#"\u0041\x42\t"#, matches: ["AB\t"], not: ["ab\t"]),
        Row("äb", "i", matches: ["äB"], not: ["ÄB"]),
        Row("äb", "iu", matches: ["ÄB"], not: ["AB"]),
        Row("[^a]", "i", matches: ["b"], not: ["a", "A"]),
        Row("^a$", matches: ["a"], not: ["b"]),
        Row("a\n^b", "m", matches: ["a\nb"], not: ["ab"]),
        Row("a\n^b", matches: [], not: ["a\nb"]),
        Row(#".*\bcat\b.*"#, matches: ["a cat sat"], not: ["concat"]),
        Row(#"c\Bat"#, matches: ["cat"], not: ["c at"]),
        Row("(a*)*", matches: ["", "aaa"], not: ["b"]),
    ]

    @Test("takes the whole of a text, or not", arguments: rows)
    func match(_ row: Row) throws {
        let pattern = try Pattern(row.pattern, flags: row.flags)
        var budget = 1_000_000
        for text in row.matching { #expect(pattern.matches(text, budget: &budget), "\(text)") }
        for text in row.others { #expect(!pattern.matches(text, budget: &budget), "\(text)") }
    }

    @Test(
        "is refused if it is none, or could not be matched in linear time",
        arguments: [
            "(", ")", "(a", "a)", "[", "[a", "[b-a]", "*", "a**", "a++", "a{", "a{2", "a{2,1}", "a{x}", "a{9999}",
            "{1}", "\\",
            #"(a)\1"#, "(?=a)", "(?<n>a)", "(?<!a)", #"\p{L}"#, #"\Qa\E"#, "[a[b]]", "[a&&b]", #"\u00"#, #"\x"#,
            "((a{100}){100}){100}", String(repeating: "(", count: 10_000),
        ]
    )
    func refused(_ text: String) {
        #expect(throws: PatternError.self) { try Pattern(text, flags: "") }
    }

    @Test("takes time linear in the text, whatever it repeats")
    func linear() throws {
        let pattern = try Pattern("(a*)*(a|a)*(((){1000}){1000}){1000}b", flags: "")
        var budget = 10_000_000
        #expect(!pattern.matches(String(repeating: "a", count: 100_000), budget: &budget))
        #expect(budget > 0)
        budget = 100
        #expect(!pattern.matches(String(repeating: "a", count: 100_000), budget: &budget))
        #expect(budget < 0)
    }
}
