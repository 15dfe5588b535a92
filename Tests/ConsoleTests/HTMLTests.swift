import Testing

@testable import Console

@Suite("Text on a page")
struct HTMLTests {
    @Test("is escaped, in elements and in attributes")
    func escaped() {
        let name = #"<script>alert("x")</script> & 'y'"#
        let html: HTML = "<b title=\"\(name)\">\(name)</b>"
        let safe = "&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt; &amp; &#39;y&#39;"
        #expect(html.source == "<b title=\"\(safe)\">\(safe)</b>")
    }

    @Test("holds no control characters, and none that turn the direction of what follows")
    func controls() {
        let html: HTML = "\("a\u{0}b\u{1B}c\u{202E}d")"
        #expect(html.source == "a\u{FFFD}b\u{FFFD}c\u{FFFD}d")
    }

    @Test("goes in as it is only where it is a piece already")
    func pieces() {
        let items: [HTML] = ["a", "<b>"].map { text in "<li>\(text)</li>" }
        let html: HTML = "<ul>\(items)</ul>\(items.count)"
        #expect(html.source == "<ul><li>a</li><li>&lt;b&gt;</li></ul>2")
    }
}
