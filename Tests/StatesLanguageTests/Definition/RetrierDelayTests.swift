import StatesLanguage
import Testing

@Suite("The wait before a retry")
struct RetrierDelayTests {
    struct Row: Sendable, CustomTestStringConvertible {
        let testDescription: String
        var retrier = Retrier()
        let retry: Int
        let delay: Duration?
    }

    static let rows = [
        Row(testDescription: "starts at the interval", retry: 1, delay: .seconds(1)),
        Row(testDescription: "doubles by default", retry: 3, delay: .seconds(4)),
        Row(
            testDescription: "grows by the rate",
            retrier: .init(backoffRate: 1.5),
            retry: 2,
            delay: .milliseconds(1500)
        ),
        Row(
            testDescription: "stays at the interval if the rate is 1",
            retrier: .init(backoffRate: 1),
            retry: 3,
            delay: .seconds(1)
        ),
        Row(
            testDescription: "stops at the greatest delay",
            retrier: .init(maxDelaySeconds: 3),
            retry: 3,
            delay: .seconds(3)
        ),
        Row(
            testDescription: "never comes if there are no attempts",
            retrier: .init(maxAttempts: 0),
            retry: 1,
            delay: nil
        ),
        Row(testDescription: "never comes after the last attempt", retry: 4, delay: nil),
        Row(
            testDescription: "is nothing if the interval is",
            retrier: .init(intervalSeconds: 0),
            retry: 2,
            delay: .zero
        ),
        Row(
            testDescription: "is bounded when the power overflows",
            retrier: .init(intervalSeconds: 99_999_999, maxAttempts: 99_999_999, backoffRate: 1e300),
            retry: 99_999_999,
            delay: .seconds(99_999_999)
        ),
        Row(
            testDescription: "is nothing when nothing is multiplied by what overflows",
            retrier: .init(intervalSeconds: 0, maxAttempts: 9_999, backoffRate: 1e300),
            retry: 9_999,
            delay: .zero
        ),
        Row(testDescription: "takes a retry before the first for the first", retry: 0, delay: .seconds(1)),
    ]

    @Test(arguments: rows)
    func delay(_ row: Row) { #expect(row.retrier.delay(beforeRetry: row.retry) == row.delay) }
}
