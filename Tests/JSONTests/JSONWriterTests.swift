import Testing

@testable import JSON

@Suite("Writing JSON")
struct JSONWriterTests {
    @Test(
        "keeps order and spelling, and is compact",
        arguments: [
            ("{ \"b\" : 1.0 , \"a\" : [ 1e400 , -0 , 0.10 ] }", #"{"b":1.0,"a":[1e400,-0,0.10]}"#),
            ("[ ]", "[]"), ("{ }", "{}"), (#""\u00e9\/""#, "\"é/\""),
            (#""\u0000\u001f\u007f\u0008\t""#, "\"\\u0000\\u001F\u{7F}\\b\\t\""),
            (#""\ud800""#, "\"\u{FFFD}\""), ("12345678901234567890123", "12345678901234567890123"),
        ]
    )
    func compact(_ text: String, written: String) throws {
        #expect(try JSONValue(parsing: text).text == written)
    }

    @Test("indents by two spaces when asked")
    func pretty() {
        let value: JSONValue = ["a": [1, [:]], "b": []]
        #expect(value.text(pretty: true) == "{\n  \"a\": [\n    1,\n    {}\n  ],\n  \"b\": []\n}")
    }
}

@Suite("What stands between the quotes of a JSON string")
struct JSONEscapingTests {
    @Test(
        "is the text, with what must be escaped",
        arguments: [
            "", "plain", "\"", "\\\"\\", "a\"b", "\"a", "a\"", #"{"id":"7","note":"of \"that\", é"}"#, "a\nb",
            "\u{1}\"\u{0}\\",
        ]
    )
    func escaped(_ text: String) throws {
        let expected = text.utf8.reduce(into: [UInt8]()) { bytes, byte in
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"): bytes += [UInt8(ascii: "\\"), byte]
            case UInt8(ascii: "\n"): bytes += Array("\\n".utf8)
            case 0..<0x20: bytes += Array("\\u000\(byte)".utf8)
            default: bytes.append(byte)
            }
        }
        for before in [[], Array("before\"".utf8)] {
            var bytes: [UInt8] = before
            bytes.appendEscaped(text)
            #expect(bytes == before + expected)
            #expect(try JSONValue(parsing: [UInt8(ascii: "\"")] + expected + [UInt8(ascii: "\"")]) == .string(text))
        }
        // A piece of something longer.
        var bytes: [UInt8] = []
        bytes.appendEscaped(Array("\"\(text)\"".utf8)[1..<text.utf8.count + 1])
        #expect(bytes == expected)
    }
}

@Suite("A text known to be JSON")
struct JSONTextTests {
    @Test("is kept to the letter, without white space around it")
    func keptToTheLetter() throws {
        #expect(try JSONText(validating: " [1,  2]\n").text == "[1,  2]")
        #expect(try JSONText(validating: "[1,  2.0]").text == "[1,  2.0]")
        #expect(try JSONText(validating: #""\ud800\/é""#).text == #""\ud800\/é""#)
    }

    @Test("is written compactly from a value")
    func written() {
        let text = JSONText(["a": [1, "é"]])
        #expect(text.text == #"{"a":[1,"é"]}"#)
        #expect(text.value == ["a": [1, "é"]])
        #expect(text.byteCount == 14)
    }

    @Test("joins others as they are")
    func joined() throws {
        let texts = try [JSONText(validating: "{ }"), JSONText(1.5), JSONText(nil)]
        #expect(JSONText.array(of: texts).text == "[{ },1.5,null]")
        #expect(JSONText.array(of: []).text == "[]")
    }

    @Test("that was trusted wrongly has the value null")
    func trustedWrongly() {
        #expect(JSONText(trusted: "{").value == nil)
    }
}
