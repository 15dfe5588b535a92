import Testing

@testable import JSON

@Suite("A JSON number")
struct JSONNumberTests {
    @Test(
        "that was computed is spelled as Java spells it",
        arguments: [
            (2.0, "2"), (-3.0, "-3"), (0.0, "0"), (-0.0, "0"), (0.1, "0.1"), (-1.5, "-1.5"), (100.25, "100.25"),
            (0.001, "0.001"), (0.00099, "9.9E-4"), (1e-7, "1.0E-7"), (1.25e-10, "1.25E-10"),
            (12_345_678.9, "1.23456789E7"), (1_234_567.8, "1234567.8"), (1e10, "10000000000"), (1e20, "1.0E20"),
            (1.5e300, "1.5E300"), (.leastNonzeroMagnitude, "5.0E-324"), (0.1 + 0.2, "0.30000000000000004"),
            (.infinity, "1.7976931348623157E308"), (-.infinity, "-1.7976931348623157E308"), (.nan, "0"),
        ] as [(Double, String)]
    )
    func computed(_ value: Double, spelling: String) {
        #expect(JSONNumber(value).spelling == spelling)
        #expect(JSONNumber(spelling: spelling) != nil)
    }

    @Test(
        "equals another of the same value, and has its hash",
        arguments: [
            ("1", "1.0"), ("1", "1e0"), ("100", "1E+2"), ("0", "-0"), ("0", "0e999999999999999999999"),
            ("0.10", "1e-1"), ("1e400", "10.0e399"),
            ("123456789012345678901234567890", "12345678901234567890123456789e1"),
            ("-5", "-0.5e1"), ("9223372036854775807", "9223372036854775807.0"),
        ]
    )
    func equal(_ first: String, second: String) throws {
        let first = try #require(JSONNumber(spelling: first))
        let second = try #require(JSONNumber(spelling: second))
        #expect(first == second)
        #expect(first.hashValue == second.hashValue)
        #expect(!(first < second) && !(second < first))
    }

    @Test(
        "is less than a greater one",
        arguments: [
            ("1", "2"), ("-2", "-1"), ("-1", "0"), ("0", "1e-400"), ("1e400", "1e401"), ("-1e401", "-1e400"),
            ("9007199254740992", "9007199254740993"), ("0.1", "0.11"), ("9.99", "10"), ("-10", "-9.99"),
            ("-1", "1"),
        ]
    )
    func less(_ lesser: String, greater: String) throws {
        let lesser = try #require(JSONNumber(spelling: lesser))
        let greater = try #require(JSONNumber(spelling: greater))
        #expect(lesser < greater)
        #expect(!(greater < lesser))
        #expect(lesser != greater)
    }

    @Test(
        "has an integer value only if it is one of 64 bits",
        arguments: [
            ("1.0", 1), ("1e2", 100), ("-12.50e1", -125), ("9223372036854775807", .max),
            ("-9223372036854775808", .min), ("9223372036854775808", nil), ("1e18", 1_000_000_000_000_000_000),
            ("1e19", nil), ("1.5", nil), ("1e-1", nil), ("1e999999999999999999999", nil), ("0e5", 0), ("-0.0", 0),
        ] as [(String, Int?)]
    )
    func integer(_ spelling: String, value: Int?) throws {
        #expect(try #require(JSONNumber(spelling: spelling)).int == value)
    }

    @Test("has a nearest double")
    func double() throws {
        #expect(try #require(JSONNumber(spelling: "1.25e2")).double == 125)
        #expect(try #require(JSONNumber(spelling: "1e400")).double == .infinity)
        #expect(try #require(JSONNumber(spelling: "-1e400")).double == -.infinity)
        #expect(try #require(JSONNumber(spelling: "1e-400")).double == 0)
    }

    @Test("is not made of another grammar", arguments: ["", "01", "+1", " 1", "1 ", "1.", "0x1", "1_000", "inf", "١"])
    func misspelled(_ spelling: String) {
        #expect(JSONNumber(spelling: spelling) == nil)
    }
}
