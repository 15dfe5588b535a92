import Testing

@testable import JSON

@Suite("Parsing JSON")
struct JSONParserTests {
    struct Row: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let text: String
        let value: JSONValue
    }

    static let rows = [
        Row(testDescription: "takes null", text: " null\n", value: nil),
        Row(testDescription: "takes booleans", text: "[true,false]", value: [true, false]),
        Row(testDescription: "takes integers", text: "-12", value: -12),
        Row(testDescription: "takes fractions", text: "-0.5e-1", value: -0.05),
        Row(testDescription: "takes empty containers", text: "[{} , [ ],\"\"]", value: [[:], [], ""]),
        Row(testDescription: "resolves escapes", text: #""\"\\\/\b\f\n\r\t\u00e9""#, value: "\"\\/\u{8}\u{C}\n\r\té"),
        Row(testDescription: "joins surrogates", text: #""\uD83D\ude00""#, value: "😀"),
        Row(testDescription: "replaces a high surrogate alone", text: #""a\uD83Db""#, value: "a\u{FFFD}b"),
        Row(testDescription: "replaces a high surrogate at the end", text: #""\uD83D""#, value: "\u{FFFD}"),
        Row(testDescription: "replaces a low surrogate alone", text: #""\uDE00""#, value: "\u{FFFD}"),
        Row(testDescription: "reads the escape behind half a pair", text: #""\uD83D\u0041""#, value: "\u{FFFD}A"),
        Row(testDescription: "replaces both of two high ones", text: #""\uD83D\uD83D""#, value: "\u{FFFD}\u{FFFD}"),
        Row(testDescription: "takes U+0000 escaped", text: #""\u0000""#, value: "\0"),
        Row(testDescription: "takes what is not ASCII", text: "{\"é\":\"日本\u{7F}\"}", value: ["é": "日本\u{7F}"]),
        Row(testDescription: "lets the last duplicate win", text: #"{"a":1,"b":2,"a":3}"#, value: ["a": 3, "b": 2]),
    ]

    @Test(arguments: rows)
    func value(_ row: Row) throws {
        #expect(try JSONValue(parsing: row.text) == row.value)
        #expect(try JSONValue(parsing: Array(row.text.utf8)) == row.value)
        #expect(try JSONText(validating: row.text).value == row.value)
    }

    struct Fault: Sendable, CustomTestStringConvertible {
        let text: String
        let line: Int
        let column: Int
        var testDescription: String { "in \(text.debugDescription)" }

        init(_ text: String, _ line: Int, _ column: Int) {
            self.text = text
            self.line = line
            self.column = column
        }
    }

    static let faults = [
        Fault("", 1, 1), Fault("  ", 1, 3), Fault("nul", 1, 1), Fault("nulll", 1, 5), Fault("True", 1, 1),
        Fault("[1,]", 1, 4), Fault("[,1]", 1, 2), Fault("[1 2]", 1, 4), Fault("[1", 1, 3), Fault("]", 1, 1),
        Fault("{\"a\":1,}", 1, 8), Fault("{a:1}", 1, 2), Fault("{\"a\" 1}", 1, 6), Fault("{\"a\":}", 1, 6),
        Fault("{\n \"é\": x}", 2, 7), Fault("{\"a\":1", 1, 7), Fault("1 2", 1, 3), Fault("{} {}", 1, 4),
        Fault("01", 1, 2), Fault("-", 1, 2), Fault("-a", 1, 2), Fault("+1", 1, 1), Fault("1.", 1, 3),
        Fault(".5", 1, 1), Fault("1e", 1, 3), Fault("1e+", 1, 4), Fault("1.e5", 1, 3), Fault("0x1", 1, 2),
        Fault("NaN", 1, 1), Fault("Infinity", 1, 1), Fault("'a'", 1, 1), Fault("\"a", 1, 3), Fault("\"\\", 1, 3),
        Fault("\"\\x\"", 1, 3), Fault("\"\\u12\"", 1, 6), Fault("\"\\u123", 1, 7), Fault("\"a\nb\"", 1, 3),
        Fault("\"a\0b\"", 1, 3), Fault("\0", 1, 1), Fault("\u{FEFF}1", 1, 1), Fault("// no\n1", 1, 1),
        Fault("\u{A0}1", 1, 1),
    ]

    @Test("refuses what is not JSON, and says where", arguments: faults)
    func fault(_ row: Fault) {
        for refusal in [
            { _ = try JSONValue(parsing: row.text) }, { _ = try JSONText(validating: row.text) },
        ] as [() throws -> Void] {
            let error = #expect(throws: JSONError.self, performing: refusal)
            #expect(error?.line == row.line)
            #expect(error?.column == row.column)
        }
    }

    @Test(
        "refuses bytes that are not UTF-8, and says where",
        arguments: [
            ([0x22, 0xC3, 0x22], 1), ([0x22, 0xFF, 0x22], 1), ([0x22, 0xED, 0xA0, 0x80, 0x22], 1),
            ([0x22, 0xC0, 0x80, 0x22], 1), ([0x22, 0x41, 0xF0, 0x9F, 0x98], 2), ([0x80], 0),
        ] as [([UInt8], Int)]
    )
    func invalidUTF8(_ bytes: [UInt8], offset: Int) {
        let error = #expect(throws: JSONError.self) { try JSONValue(parsing: bytes) }
        #expect(error?.offset == offset)
    }

    @Test("refuses duplicate names on request, and says which")
    func duplicates() {
        let text = #"{"States": {"X": [1, {"a/b": 1, "c": 2, "a/b": 3}]}}"#
        let error = #expect(throws: JSONError.self) { try JSONValue(parsing: text, duplicateKeys: .refused) }
        #expect(error?.pointer?.description == "/States/X/1/a~1b")
        #expect(error?.column == 41)
        #expect(throws: Never.self) { try JSONValue(parsing: #"{"é":1,"e\u0301":2}"#, duplicateKeys: .refused) }
    }

    @Test("bounds nesting, however deep the text is")
    func depth() throws {
        func nested(_ depth: Int) -> String {
            String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
        }
        let most = JSONValue.maximumDepth
        #expect(try JSONValue(parsing: nested(most)).depth == most)
        #expect(try JSONText(validating: nested(most)).value.depth == most)
        for depth in [most + 1, 200_000] {
            #expect(throws: JSONError.self) { try JSONValue(parsing: nested(depth)) }
            #expect(throws: JSONError.self) { try JSONText(validating: nested(depth)) }
            #expect(throws: JSONError.self) {
                try JSONValue(parsing: String(repeating: "{\"a\":[", count: depth))
            }
        }
        #expect(JSONText(trusted: nested(2048)).value.depth == 2048)
    }

    @Test("reads a large object in linear time, and finds its members")
    func largeObject() throws {
        let text = "{" + (0..<50_000).map { "\"key\($0)\":\($0)" }.joined(separator: ",") + "}"
        let value = try JSONValue(parsing: text)
        #expect(value.object?.count == 50_000)
        #expect(value["key49999"] == 49_999)
        #expect(value.text == text)
    }
}
