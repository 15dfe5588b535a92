import StatesLanguage
import Testing

@testable import Console

@Suite("A status page's words")
struct WordsTests {
    @Test(
        "give a duration in its two largest units",
        arguments: [
            (.milliseconds(340), "340 ms"), (.milliseconds(12_540), "12.5 s"), (.seconds(250), "4 min 10 s"),
            (.seconds(11_100), "3 h 5 min"), (.seconds(187_200), "2 d 4 h"), (.seconds(-5), "0 ms"),
        ] as [(Duration, String)]
    )
    func text(_ duration: Duration, _ text: String) { #expect(Words.duration(duration) == text) }

    @Test("give the duration between instants that clients are told, in whole milliseconds")
    func between() {
        let start = Timestamp(microseconds: 1_000_999)
        #expect(Words.duration(from: start, to: Timestamp(microseconds: 1_010_001)) == "10 ms")
    }

    @Test("name each function once, and nothing that is no function")
    func served() {
        let lanes = [
            "greet", "arn:aws:lambda:us-east-1:123456789012:function:greet", "arn:aws:states:::lambda:invoke",
            "arn:aws:states:::states", "arn:aws:lambda:eu-west-1:1:function:other:prod",
        ]
        #expect(Words.served(lanes) == "greet, other")
        #expect(Words.served(["arn:aws:states:::states"]) == "states without a function")
        #expect(Words.served(["*"]) == "every function")
    }

    @Test("say of what was just now that it was")
    func ago() {
        let now = Timestamp(microseconds: 100_000_000)
        #expect(Words.ago(now, at: now) == "just now")
        #expect(Words.ago(now - .seconds(61), at: now) == "1 min 1 s ago")
    }
}
