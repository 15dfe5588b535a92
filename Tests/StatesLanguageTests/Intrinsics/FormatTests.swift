import JSON
import StatesLanguage
import Testing

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
