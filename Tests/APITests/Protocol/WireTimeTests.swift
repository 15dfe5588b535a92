import JSON
import StatesLanguage
import Testing

@testable import API

@Suite("An instant on the wire")
struct WireTimeTests {
    @Test(
        "is seconds since 1970, cut to the millisecond",
        arguments: [
            (1_714_557_600_123_999, "1714557600.123"), (1_714_557_600_000_000, "1714557600"),
            (1_714_557_600_100_000, "1714557600.100"), (5000, "0.005"), (0, "0"), (-1000, "-0.001"),
            (-1_500_000, "-1.500"),
        ] as [(Int64, String)]
    )
    func text(_ microseconds: Int64, _ text: String) {
        #expect(JSONValue.instant(Timestamp(microseconds: microseconds)).text == text)
    }
}
