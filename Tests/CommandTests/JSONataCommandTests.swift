import JSON
import Testing

@testable import BraidCommand

@Suite("The jsonata command")
struct JSONataCommandTests {
    let transcript = Transcript()
    let folder: ScratchFolder

    init() throws { folder = try ScratchFolder() }

    @Test("evaluates an expression on a file's JSON, with variables")
    func evaluates() async throws {
        let file = try folder.file("order.json", #"{"price": 1.50, "count": 2}"#)
        #expect(
            await transcript.run("jsonata", "[price, price * count, $x]", "--input", file, "--bindings", #"{"x":"y"}"#)
                == .success
        )
        #expect(transcript.answer == "[1.50,3,\"y\"]\n")
    }

    @Test("prints nothing for undefined")
    func undefined() async {
        #expect(await transcript.run("jsonata", "nothing") == .success)
        #expect(transcript.answer.isEmpty)
        #expect(transcript.notes == "undefined\n")
    }

    @Test("tells code, place and message of what fails, with status 1")
    func fails() async {
        #expect(await transcript.run("jsonata", "1 + \"a\"") == .failure)
        #expect(
            transcript.notes == "braid: T2002 at 3: The right side of the \"+\" operator must evaluate to a number\n"
        )
    }

    @Test(
        "refuses what is no expression, no file and no bindings",
        arguments: [[], ["1", "--input", "/nowhere.json"], ["1", "--bindings", "[]"], ["1", "--lines"]]
    )
    func refuses(words: [String]) async {
        #expect(await Program.run(["jsonata"] + words, environment: [:], output: transcript.output) == .usage)
    }

    struct Line: Sendable, CustomTestStringConvertible {
        let line: String
        let answer: JSONValue
        var testDescription: String { line }
    }

    static let lines = [
        Line(line: #"{"expr": "a + 1", "data": {"a": 1}}"#, answer: ["result": 2]),
        Line(line: #"{"expr": "$x", "bindings": {"x": null}}"#, answer: ["result": .null]),
        Line(line: #"{"expr": "$"}"#, answer: ["undefined": true]),
        Line(line: #"{"expr": "$", "data": null}"#, answer: ["result": .null]),
        Line(
            line: #"{"expr": "1 +"}"#,
            answer: ["error": ["code": "S0207", "message": "Unexpected end of expression", "position": 3]]
        ),
    ]

    @Test("answers a line with what comes of it", arguments: lines)
    func answers(_ line: Line) { #expect(JSONataCommand.answer(to: line.line) == line.answer) }

    @Test(
        "keeps to a line's limits of depth and time, and to lines that are cases",
        arguments: [
            (#"{"expr": "($f := function($n) {1 + $f($n)}; $f(1))", "depth": 100}"#, "U1001"),
            (#"{"expr": "($f := function($n) {$f($n)}; $f(1))", "timelimit": 50}"#, "U1001"),
            ("nonsense", "LINE"),
        ]
    )
    func limits(line: String, code: String) {
        #expect(JSONataCommand.answer(to: line)["error"]?["code"]?.string == code)
    }
}
