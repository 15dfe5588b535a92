import StatesLanguage
import Testing

@testable import Console

@Suite("A duration in words")
struct WordsTests {
    @Test(
        "has its two largest units",
        arguments: [
            (.milliseconds(340), "340 ms"), (.milliseconds(12_540), "12.5 s"), (.seconds(250), "4 min 10 s"),
            (.seconds(11_100), "3 h 5 min"), (.seconds(187_200), "2 d 4 h"), (.seconds(-5), "0 ms"),
        ] as [(Duration, String)]
    )
    func text(_ duration: Duration, _ text: String) { #expect(Words.duration(duration) == text) }

    @Test("says of what was just now that it was")
    func ago() {
        let now = Timestamp(microseconds: 100_000_000)
        #expect(Words.ago(now, at: now) == "just now")
        #expect(Words.ago(now - .seconds(61), at: now) == "1 min 1 s ago")
    }
}
