import StatesLanguage
import Testing

@Suite("A timestamp")
struct TimestampTests {
    struct Row: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let text: String
        /// What it is written as to the microsecond; `nil` if it is refused.
        let description: String?

        init(_ testDescription: String, _ text: String, _ description: String?) {
            self.testDescription = testDescription
            self.text = text
            self.description = description
        }
    }

    static let rows = [
        Row("is read in UTC", "2016-03-14T01:59:00Z", "2016-03-14T01:59:00.000000Z"),
        Row("is read with an offset", "2016-03-14T01:59:00+01:30", "2016-03-14T00:29:00.000000Z"),
        Row("is read with an offset to the west", "2016-12-31T23:59:59-00:01", "2017-01-01T00:00:59.000000Z"),
        Row("is read with an unknown offset", "2016-03-14T01:59:00-00:00", "2016-03-14T01:59:00.000000Z"),
        Row("is read with an offset of 18 hours", "2016-03-14T01:59:00+18:00", "2016-03-13T07:59:00.000000Z"),
        Row("is refused with an offset beyond", "2016-03-14T01:59:00+18:01", nil),
        Row("is read with one digit of fraction", "2016-03-14T01:59:00.5Z", "2016-03-14T01:59:00.500000Z"),
        Row("is cut off below the microsecond", "2016-03-14T01:59:00.123456789Z", "2016-03-14T01:59:00.123456Z"),
        Row("is cut off downwards before 1970", "1969-12-31T23:59:59.999999999Z", "1969-12-31T23:59:59.999999Z"),
        Row("is refused with ten digits of fraction", "2016-03-14T01:59:00.1234567890Z", nil),
        Row("is refused with a bare point", "2016-03-14T01:59:00.Z", nil),
        Row("is read on the 29th of February of a leap year", "2000-02-29T00:00:00Z", "2000-02-29T00:00:00.000000Z"),
        Row("is refused on that of another year", "1900-02-29T00:00:00Z", nil),
        Row("is refused on the 31st of a short month", "2016-04-31T00:00:00Z", nil),
        Row("is refused in month 13", "2016-13-05T21:29:29Z", nil),
        Row("is refused in month 0", "2016-00-05T21:29:29Z", nil),
        Row("is refused on day 0", "2016-12-00T21:29:29Z", nil),
        Row("is refused at 24:00", "2016-12-05T24:00:00Z", nil),
        Row("is refused in hour 25", "2016-12-05T25:29:29Z", nil),
        Row("is refused in minute 60", "2016-12-05T21:60:29Z", nil),
        Row("is refused in a leap second", "2016-12-31T23:59:60Z", nil),
        Row("is refused without seconds", "2016-12-05T21:29Z", nil),
        Row("is refused with a space for the T", "2016-12-05 21:29:29Z", nil),
        Row("is refused with a lower-case t", "2016-12-05t21:29:29Z", nil),
        Row("is refused with a lower-case z", "2016-12-05T21:29:29z", nil),
        Row("is refused without an offset", "2016-12-05T21:29:29", nil),
        Row("is refused with the day first", "05-12-2016T21:29:29Z", nil),
        Row("is refused with a year of five digits", "12016-12-05T21:29:29Z", nil),
        Row("is refused with an offset without a colon", "2016-12-05T21:29:29+0100", nil),
        Row("is refused with something behind it", "2016-12-05T21:29:29Z ", nil),
        Row("is refused as a date", "2016-12-05", nil),
        Row("is refused when empty", "", nil),
        Row("is refused when long", String(repeating: "2", count: 100_000), nil),
        Row("reaches down to year 0", "0000-01-01T00:00:00Z", "0000-01-01T00:00:00.000000Z"),
        Row("does not reach below it", "0000-01-01T00:00:00+01:00", "0000-01-01T00:00:00.000000Z"),
        Row("reaches up to year 9999", "9999-12-31T23:59:59.999999Z", "9999-12-31T23:59:59.999999Z"),
        Row("does not reach beyond it", "9999-12-31T23:59:59-01:00", "9999-12-31T23:59:59.999999Z"),
    ]

    @Test(arguments: rows)
    func reading(_ row: Row) {
        #expect(Timestamp(rfc3339: row.text)?.description == row.description)
    }

    @Test(
        "is written to the millisecond, without a fraction of zeros",
        arguments: [
            (0, "1970-01-01T00:00:00Z"), (999, "1970-01-01T00:00:00Z"), (1000, "1970-01-01T00:00:00.001Z"),
            (120_000, "1970-01-01T00:00:00.120Z"), (-1, "1969-12-31T23:59:59.999Z"),
            (1_714_557_600_123_456, "2024-05-01T10:00:00.123Z"),
        ] as [(Int64, String)]
    )
    func writing(microseconds: Int64, text: String) {
        #expect(Timestamp(microseconds: microseconds).rfc3339 == text)
    }

    @Test("is read back as it was written, on every day of 800 years")
    func everyDay() {
        for day in Int64(-146_097)...146_097 {
            let timestamp = Timestamp(microseconds: day * 86_400_000_000 + 1)
            guard Timestamp(rfc3339: timestamp.description) != timestamp else { continue }
            Issue.record("\(timestamp)")
            return
        }
    }

    @Test("saturates at the ends of its range")
    func saturation() {
        let now = Timestamp(microseconds: 1_714_557_600_000_000)
        #expect(now + .seconds(Int64.max) == .latest)
        #expect(now + .seconds(Int64.min) == .earliest)
        #expect(now - .seconds(Int64.max) == .earliest)
        #expect(now - .seconds(Int64.min) == .latest)
        #expect(now + .seconds(9_000_000_000_000) == .latest)
        #expect(Timestamp(microseconds: .max) == .latest)
        #expect(Timestamp(microseconds: .min) == .earliest)
        #expect(Timestamp.latest - .earliest == .microseconds(315_569_519_999_999_999))
    }

    @Test("moves by durations, to the microsecond")
    func arithmetic() {
        let now = Timestamp(microseconds: 1_000_000)
        #expect(now + .milliseconds(1500) == Timestamp(microseconds: 2_500_000))
        #expect(now - .milliseconds(1500) == Timestamp(microseconds: -500_000))
        #expect(now + .nanoseconds(1999) == Timestamp(microseconds: 1_000_001))
        #expect(now - Timestamp(microseconds: 0) == .seconds(1))
    }
}
