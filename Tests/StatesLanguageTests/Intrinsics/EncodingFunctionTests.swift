import JSON
import StatesLanguage
import Testing

@Suite("Intrinsic functions that encode")
struct EncodingFunctionTests {
    static let long = JSONValue.string(String(repeating: "é", count: 10_001))
    static let longest = JSONValue.string(String(repeating: "é", count: 10_000))
    static let rows = [
        IntrinsicRow("encode Base64", "States.Base64Encode('Data to encode')", gives: "\"RGF0YSB0byBlbmNvZGU=\""),
        IntrinsicRow("encode nothing", "States.Base64Encode('')", gives: "\"\""),
        IntrinsicRow(
            "do not encode 10,001 characters",
            "States.Base64Encode($)",
            on: long,
            failsWith: "Invalid arguments in States.Base64Encode"
        ),
        IntrinsicRow("decode Base64", "States.Base64Decode('4pyT')", gives: "\"✓\""),
        IntrinsicRow("decode the alphabet of URLs", "States.Base64Decode('4pyT_--_')", gives: "\"✓\u{FFFD}\u{FFFD}\""),
        IntrinsicRow("decode up to the padding", "States.Base64Decode('YWI=YWI=')", gives: "\"ab\""),
        IntrinsicRow("skip what is not Base64", "States.Base64Decode(' YW!Jj ')", gives: "\"abc\""),
        IntrinsicRow("decode without padding", "States.Base64Decode('YWJjZA')", gives: "\"abcd\""),
        IntrinsicRow("decode U+0000", "States.Base64Decode('YQBi')", gives: #""a\u0000b""#),
        IntrinsicRow(
            "do not decode 10,001 characters",
            "States.Base64Decode($)",
            on: long,
            failsWith: "Invalid arguments"
        ),
        IntrinsicRow("hash with MD5", "States.Hash('hello', 'MD5')", gives: "\"5d41402abc4b2a76b9719d911017c592\""),
        IntrinsicRow(
            "hash with SHA-1",
            "States.Hash('hello', 'SHA-1')",
            gives: "\"aaf4c61ddcc5e8a2dabede0f3b482cd9aea9434d\""
        ),
        IntrinsicRow(
            "hash with SHA-256",
            "States.Hash('', 'SHA-256')",
            gives: "\"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855\""
        ),
        IntrinsicRow(
            "hash a number as its text",
            "States.Hash(12, 'MD5')",
            gives: "\"c20ad4d76fe97759aa27a0c99bff6710\""
        ),
        IntrinsicRow(
            "do not hash 10,001 characters",
            "States.Hash($, 'MD5')",
            on: long,
            failsWith: "Invalid arguments"
        ),
        IntrinsicRow("do not hash null", "States.Hash(null, 'MD5')", failsWith: "Invalid arguments in States.Hash"),
        IntrinsicRow(
            "do not know other algorithms",
            "States.Hash('a', 'sha-256')",
            failsWith: "Invalid arguments in States.Hash"
        ),
    ]

    @Test(arguments: rows)
    func call(_ row: IntrinsicRow) { row.check() }

    @Test("take 10,000 characters")
    func longestText() throws {
        var generator = CountingGenerator()
        let call = try IntrinsicCall(parsing: "States.Base64Encode($)")
        #expect(throws: Never.self) {
            try call.evaluate(in: Scope(input: Self.longest, context: .recorded()), using: &generator)
        }
    }

    @Test("make a UUID of version 4 from the generator")
    func uuid() throws {
        let call = try IntrinsicCall(parsing: "States.UUID()")
        var generator = CountingGenerator()
        let uuid = try call.evaluate(in: Scope(input: nil, context: .recorded()), using: &generator)
        #expect(uuid == "9e3779b9-7f4a-4c15-bc6e-f372fe94f82a")
        #expect(!call.isDeterministic)
    }
}
