import JSON
import StatesLanguage
import Testing

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
