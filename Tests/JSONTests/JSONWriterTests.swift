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
