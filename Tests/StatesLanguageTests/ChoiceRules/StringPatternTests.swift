import Testing

@testable import StatesLanguage

@Suite("A pattern of StringMatches")
struct StringPatternTests {
    @Test(
        "is matched by the whole string",
        arguments: [
            ("", "", true), ("", "a", false), ("*", "", true), ("*", "anything", true), ("a*", "a", true),
            ("a*", "ba", false), ("*a", "ba", true), ("*a", "ab", false), ("a*a", "a", false), ("a*a", "aa", true),
            ("*b*", "abc", true), ("*b*", "ac", false), ("a*b*c", "a-bb-c", true), ("a*bc*c", "abc", false),
            ("a**c", "abc", true), ("*aab*", "aaab", true), ("*abab*abab*", "abababab", true),
            ("*abab*abab*", "ababab", false), (#"\*"#, "*", true), (#"\*"#, "a", false), (#"\\*"#, #"\x"#, true),
            ("é*", "éa", true), ("?", "a", false), ("[a]", "a", false), ("*.log", "zebra.log", true),
            ("foo*.log", "foobar.log", true), ("foo*.log", "foo.lo", false),
        ]
    )
    func matching(pattern: String, text: String, matches: Bool) throws {
        #expect(try StringPattern(pattern).matches(text) == matches)
    }

    @Test("with an open escape fails when it is used", arguments: [#"a\"#, #"\a"#, #"\\\"#])
    func openEscape(pattern: String) {
        #expect(throws: DataFlowError.self) { try StringPattern(pattern).matches("a") }
    }

    @Test("takes time linear in pattern and text")
    func linearity() throws {
        let pattern = StringPattern("*" + String(repeating: String(repeating: "a", count: 500) + "b*", count: 20))
        let text = String(repeating: "a", count: 200_000)
        #expect(try !pattern.matches(text))
    }
}
