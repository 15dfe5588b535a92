import JSON
import StatesLanguage
import Testing

/// A call of an intrinsic function, and what comes of it.
struct IntrinsicRow: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let call: String
    var input: JSONValue = .object([:])
    /// The value's JSON, so that the spelling of numbers counts.
    let result: String?
    /// A part of the cause, where it fails.
    let cause: String

    init(_ testDescription: String, _ call: String, on input: JSONValue = [:], gives result: String) {
        (self.testDescription, self.call, self.input) = (testDescription, call, input)
        (self.result, cause) = (result, "")
    }

    init(_ testDescription: String, _ call: String, on input: JSONValue = [:], failsWith cause: String) {
        (self.testDescription, self.call, self.input) = (testDescription, call, input)
        (result, self.cause) = (nil, cause)
    }

    func check(sourceLocation: SourceLocation = #_sourceLocation) {
        var generator = CountingGenerator()
        do {
            let call = try IntrinsicCall(parsing: call)
            let value = try call.evaluate(in: Scope(input: input, context: .recorded()), using: &generator)
            #expect(value.text == result, sourceLocation: sourceLocation)
        } catch {
            #expect(result == nil && error.errorName == "States.Runtime", sourceLocation: sourceLocation)
            #expect(error.cause.contains(cause), "\(error.cause)", sourceLocation: sourceLocation)
        }
    }
}

@Suite("States.Format")
struct FormatTests {
    static let rows = [
        IntrinsicRow("fills in arguments", "States.Format('{} is {}', $.a, 'b')", on: ["a": "x"], gives: "\"x is b\""),
        IntrinsicRow("needs no argument for no place", "States.Format('plain')", gives: "\"plain\""),
        IntrinsicRow("fills an empty template", "States.Format('')", gives: "\"\""),
        IntrinsicRow(
            "prints null and booleans",
            "States.Format('{}{}{}', null, true, false)",
            gives: "\"nulltruefalse\""
        ),
        IntrinsicRow(
            "prints an integer as it is",
            "States.Format('{}', 12345678901234567890)",
            gives: "\"12345678901234567890\""
        ),
        IntrinsicRow("keeps the fraction of 1.0", "States.Format('{}', 1.0)", gives: "\"1.0\""),
        IntrinsicRow("drops zeros of a fraction", "States.Format('{}', 1.10)", gives: "\"1.1\""),
        IntrinsicRow("prints 1e3 as a fraction", "States.Format('{}', 1e3)", gives: "\"1000.0\""),
        IntrinsicRow("prints 1.5e10 with an exponent", "States.Format('{}', 1.5e10)", gives: "\"1.5E10\""),
        IntrinsicRow("prints -1e7 with an exponent", "States.Format('{}', -1e7)", gives: "\"-1.0E7\""),
        IntrinsicRow("keeps what no binary64 holds", "States.Format('{}', 1e400)", gives: "\"1e400\""),
        IntrinsicRow("prints -0.0", "States.Format('{}', -0.0)", gives: "\"-0.0\""),
        IntrinsicRow(
            "prints objects and arrays as Java does",
            "States.Format('{}', $)",
            on: ["a": [1, "x", nil], "b": [:]],
            gives: "\"{a=[1, x, null], b={}}\""
        ),
        IntrinsicRow(
            "leaves escaped braces",
            #"States.Format('\{{}\} \'\\', 1)"#,
            gives: #""{1} '\\""#
        ),
        IntrinsicRow("leaves a place whose first brace is escaped", #"States.Format('\{}')"#, gives: "\"{}\""),
        IntrinsicRow("takes a template from data", "States.Format($.t, 1)", on: ["t": "n={}"], gives: "\"n=1\""),
        IntrinsicRow("leaves braces that data escapes", "States.Format($.t)", on: ["t": "\\{}\\\\"], gives: #""{}\\""#),
        IntrinsicRow("keeps other backslashes of data", "States.Format($.t)", on: ["t": "C:\\x"], gives: #""C:\\x""#),
        IntrinsicRow("does not fill in what it filled in", "States.Format('{}{}', '\\{\\}', 1)", gives: "\"{}1\""),
        IntrinsicRow(
            "fails with an argument too few",
            "States.Format('{}{}', 1)",
            failsWith: "do not match the occurrences"
        ),
        IntrinsicRow(
            "fails with an argument too many",
            "States.Format('{}', 1, 2)",
            failsWith: "do not match the occurrences"
        ),
        IntrinsicRow(
            "fails with an open brace",
            "States.Format('{a}', 1)",
            failsWith: "matching '}' not found for '{'"
        ),
        IntrinsicRow("fails without a template", "States.Format()", failsWith: "Invalid arguments in States.Format"),
        IntrinsicRow(
            "fails with another template",
            "States.Format(1)",
            failsWith: "Invalid arguments in States.Format"
        ),
    ]

    @Test(arguments: rows)
    func call(_ row: IntrinsicRow) { row.check() }
}

@Suite("Intrinsic functions on strings and JSON")
struct StringFunctionTests {
    static let split = "Invalid arguments in States.StringSplit"
    static let rows = [
        IntrinsicRow("splits at each delimiter", "States.StringSplit('1+2,3.4', '.+,')", gives: #"["1","2","3","4"]"#),
        IntrinsicRow("drops empty parts", "States.StringSplit(',,,', ',')", gives: "[]"),
        IntrinsicRow("keeps parts of spaces", "States.StringSplit(' , ', ',')", gives: #"[" "," "]"#),
        IntrinsicRow("splits at no delimiter", "States.StringSplit('abc', '')", gives: #"["abc"]"#),
        IntrinsicRow("splits nothing", "States.StringSplit('', ',')", gives: "[]"),
        IntrinsicRow("splits outside the BMP", "States.StringSplit('a😀b', '😀')", gives: #"["a","b"]"#),
        IntrinsicRow("splits only strings", "States.StringSplit(1, ',')", failsWith: split),
        IntrinsicRow("splits only at strings", "States.StringSplit('a', null)", failsWith: split),
        IntrinsicRow("wants both arguments", "States.StringSplit('a')", failsWith: split),

        IntrinsicRow(
            "parses JSON",
            "States.StringToJson($.j)",
            on: ["j": " {\"b\":1.0,\"a\":[]} "],
            gives: #"{"b":1.0,"a":[]}"#
        ),
        IntrinsicRow("parses a blank text as null", "States.StringToJson(' ')", gives: "null"),
        IntrinsicRow("parses -0 as 0", "States.StringToJson('-0')", gives: "0"),
        IntrinsicRow("parses a literal with braces", #"States.StringToJson('{"a": 1}')"#, gives: #"{"a":1}"#),
        IntrinsicRow("does not parse other texts", "States.StringToJson('undefined')", failsWith: "Invalid arguments"),
        IntrinsicRow(
            "does not parse deep texts",
            "States.StringToJson($)",
            on: .string(String(repeating: "[", count: 100_000)),
            failsWith: "Invalid arguments"
        ),
        IntrinsicRow(
            "parses only strings",
            "States.StringToJson(1)",
            failsWith: "Invalid arguments in States.StringToJson"
        ),

        IntrinsicRow("writes JSON", "States.JsonToString($)", on: ["a": [1, "x"]], gives: #""{\"a\":[1,\"x\"]}""#),
        IntrinsicRow("writes a string with quotes", "States.JsonToString('x')", gives: #""\"x\"""#),

        IntrinsicRow(
            "merges, the second object winning",
            "States.JsonMerge($.a, $.b, false)",
            on: ["a": ["x": 1, "y": ["z": 1]], "b": ["y": [:], "w": 2]],
            gives: #"{"x":1,"y":{},"w":2}"#
        ),
        IntrinsicRow(
            "does not merge deeply",
            "States.JsonMerge($, $, true)",
            failsWith: "Invalid arguments in States.JsonMerge"
        ),
        IntrinsicRow(
            "merges only objects",
            "States.JsonMerge($, 1, false)",
            failsWith: "Invalid arguments in States.JsonMerge"
        ),
        IntrinsicRow("wants to know how to merge", "States.JsonMerge($, $, null)", failsWith: "Invalid arguments"),
    ]

    @Test(arguments: rows)
    func call(_ row: IntrinsicRow) { row.check() }
}

@Suite("Intrinsic functions on arrays")
struct ArrayFunctionTests {
    static let rows = [
        IntrinsicRow("make none", "States.Array()", gives: "[]"),
        IntrinsicRow(
            "make one of anything",
            "States.Array('a', 1.0, null, $, States.Array())",
            gives: #"["a",1.0,null,{},[]]"#
        ),
        IntrinsicRow("partition", "States.ArrayPartition($, 4)", on: [1, 2, 3, 4, 5], gives: "[[1,2,3,4],[5]]"),
        IntrinsicRow("partition none", "States.ArrayPartition($, 2)", on: [], gives: "[]"),
        IntrinsicRow(
            "partition by a rounded size",
            "States.ArrayPartition($, 1.5)",
            on: [1, 2, 3],
            gives: "[[1,2],[3]]"
        ),
        IntrinsicRow(
            "partition by a huge size",
            "States.ArrayPartition($, 9223372036854775807)",
            on: [1],
            gives: "[[1]]"
        ),
        IntrinsicRow(
            "do not partition by 0",
            "States.ArrayPartition($, 0.49)",
            on: [1],
            failsWith: "Invalid arguments in States.ArrayPartition"
        ),
        IntrinsicRow(
            "partition only arrays",
            "States.ArrayPartition('a', 1)",
            failsWith: "Invalid arguments in States.ArrayPartition"
        ),
        IntrinsicRow("find an equal value", "States.ArrayContains($, 1.0)", on: [["a": 1], 1], gives: "true"),
        IntrinsicRow("do not find another type", "States.ArrayContains($, '1')", on: [1], gives: "false"),
        IntrinsicRow("range", "States.ArrayRange(1, 9, 2)", gives: "[1,3,5,7,9]"),
        IntrinsicRow("range down", "States.ArrayRange(5, 1, -2)", gives: "[5,3,1]"),
        IntrinsicRow("range over one", "States.ArrayRange(3, 3, -1)", gives: "[3]"),
        IntrinsicRow("range away", "States.ArrayRange(5, 1, 1)", gives: "[]"),
        IntrinsicRow("range between rounded numbers", "States.ArrayRange(1.4, 5.6, 2.2)", gives: "[1,3,5]"),
        IntrinsicRow(
            "do not range by 0",
            "States.ArrayRange(1, 2, 0.49)",
            failsWith: "Invalid arguments in States.ArrayRange"
        ),
        IntrinsicRow("do not range over 1,001 items", "States.ArrayRange(1, 1001, 1)", failsWith: "at most 1000 items"),
        IntrinsicRow(
            "do not range over all integers",
            "States.ArrayRange(-9223372036854775808, 9223372036854775807, 1)",
            failsWith: "at most 1000 items"
        ),
        IntrinsicRow(
            "range by the longest step",
            "States.ArrayRange(0, -5, -9223372036854775808)",
            gives: "[0]"
        ),
        IntrinsicRow("do not range beyond integers", "States.ArrayRange(0, 1e300, 1)", failsWith: "Invalid arguments"),
        IntrinsicRow("get an item", "States.ArrayGetItem($, 1.0)", on: ["a", "b"], gives: "\"b\""),
        IntrinsicRow(
            "do not get one beyond",
            "States.ArrayGetItem($, 2)",
            on: ["a", "b"],
            failsWith: "Invalid arguments in States.ArrayGetItem"
        ),
        IntrinsicRow("do not get one before", "States.ArrayGetItem($, -1)", on: ["a"], failsWith: "Invalid arguments"),
        IntrinsicRow("have a length", "States.ArrayLength($)", on: [1, [2, 3]], gives: "2"),
        IntrinsicRow("have a length of matches", "States.ArrayLength($.items[*].no)", on: ["items": [1]], gives: "0"),
        IntrinsicRow(
            "keep first occurrences",
            "States.ArrayUnique($)",
            on: [2, 1, 2.0, "1", [1], [1], nil, nil],
            gives: #"[2,1,"1",[1],null]"#
        ),
    ]

    @Test(arguments: rows)
    func call(_ row: IntrinsicRow) { row.check() }

    @Test("range over 1,000 items and no more")
    func longestRange() throws {
        var generator = CountingGenerator()
        let call = try IntrinsicCall(parsing: "States.ArrayRange(1000, 1, -1)")
        let range = try call.evaluate(in: Scope(input: nil, context: .recorded()), using: &generator)
        #expect(range.array?.count == 1000)
    }
}

@Suite("Intrinsic functions on numbers")
struct MathFunctionTests {
    static let rows = [
        IntrinsicRow("add large integers exactly", "States.MathAdd(9007199254740993, 1)", gives: "9007199254740994"),
        IntrinsicRow("round half towards positive infinity", "States.MathAdd(-0.5, 2.5)", gives: "3"),
        IntrinsicRow("do not round up what is just below half", "States.MathAdd(0.49999999999999994, 0)", gives: "0"),
        IntrinsicRow("add numbers with exponents", "States.MathAdd(1e3, 1)", gives: "1001"),
        IntrinsicRow(
            "do not overflow",
            "States.MathAdd(9223372036854775807, 1)",
            failsWith: "Invalid arguments in States.MathAdd"
        ),
        IntrinsicRow(
            "do not add beyond integers",
            "States.MathAdd(1e19, 1)",
            failsWith: "Invalid arguments in States.MathAdd"
        ),
        IntrinsicRow(
            "do not add infinities",
            "States.MathAdd(1e400, 1)",
            failsWith: "Invalid arguments in States.MathAdd"
        ),
        IntrinsicRow("do not add strings", "States.MathAdd('1', 1)", failsWith: "Invalid arguments in States.MathAdd"),
        IntrinsicRow(
            "do not draw from nothing",
            "States.MathRandom(1, 1)",
            failsWith: "Invalid arguments in States.MathRandom"
        ),
        IntrinsicRow("draw the only one", "States.MathRandom(1.4, 1.6)", gives: "1"),
        IntrinsicRow("draw with a seed, in all versions alike", "States.MathRandom(1, 1000000, 42)", gives: "741565"),
        IntrinsicRow("do not take a string as a seed", "States.MathRandom(1, 9, 'x')", failsWith: "Invalid arguments"),
    ]

    @Test(arguments: rows)
    func call(_ row: IntrinsicRow) { row.check() }

    @Test(
        "draw from the first number on, below the second",
        arguments: [(-3, 3), (0, 1), (.min, .max), (.max - 1, .max), (-99999, -9999)] as [(Int, Int)]
    )
    func range(start: Int, end: Int) throws {
        let call = try IntrinsicCall(parsing: "States.MathRandom(\(start), \(end))")
        var generator = SystemRandomNumberGenerator()
        for _ in 0..<1000 {
            let number = try call.evaluate(in: Scope(input: nil, context: .recorded()), using: &generator).int
            #expect(number.map { (start..<end).contains($0) } == true)
        }
    }
}

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
