import ItemReading
import JSON
import Testing

@Suite("JSON items")
struct JSONItemsTests {
    @Test("are an array's elements, compactly written, numbers as they were spelled")
    func array() throws {
        let read = try items(JSONItems(), from: "[ {\"b\": 1.0, \"a\": \"\\u00e9\"}, 1e2, \"[\" ]")
        #expect(read.texts == [#"{"b":1.0,"a":"é"}"#, "1e2", "\"[\""])
        #expect(read.allSatisfy { $0.key == nil })
        #expect(try items(JSONItems(), from: "[]").isEmpty)
    }

    @Test("are an object's members with their names")
    func object() throws {
        let read = try items(JSONItems(), from: "{\"x\": {\"a\":1}, \"y\\t\": 2}")
        #expect(read.map(\.key) == ["x", "y\t"])
        #expect(read.texts == [#"{"a":1}"#, "2"])
        #expect(try items(JSONItems(), from: "{}").isEmpty)
    }

    @Test("are none of an object where objects are refused, as recorded, or of a scalar")
    func notIterable() {
        #expect(throws: ItemReadingError.notIterable) {
            try items(JSONItems(acceptsObjects: false), from: #"{"Hello": "world"}"#)
        }
        for text in ["1", "\"a\"", "null"] {
            #expect(throws: ItemReadingError.notIterable) { try items(JSONItems(), from: text) }
        }
        #expect(ItemReadingError.notIterable.description == "Attempting to map over non-iterable node.")
    }

    @Test("stand where the pointer leads; another member of that name deeper down is none")
    func pointer() throws {
        let text = #"{"a":{"b":[9]},"c":{"a":1,"b":[1,2]},"b":[3]}"#
        #expect(try items(JSONItems(pointer: ["c", "b"]), from: text).texts == ["1", "2"])
        #expect(try items(JSONItems(pointer: ["b"]), from: text).texts == ["3"])
        for pointer in [["x"], ["c", "x"], ["b", "0", "y"], ["b", "1"]] {
            #expect(throws: ItemReadingError.nothingAt(pointer: "/" + pointer.joined(separator: "/"))) {
                try items(JSONItems(pointer: pointer), from: text)
            }
        }
        #expect(throws: ItemReadingError.malformedPointer("a/b")) { try FileItems(FileFormat(.json(pointer: "a/b"))) }
        #expect(throws: ItemReadingError.malformedPointer("/~2")) { try FileItems(FileFormat(.json(pointer: "/~2"))) }
    }

    @Test(
        "are an error with a place where the text is not JSON",
        arguments: [
            ("[1,]", "The JSON is malformed at byte 3 (item 1): expected a value."),
            ("[1 2]", "The JSON is malformed at byte 3 (item 1): expected ',' or ']'."),
            ("[{\"a\":tru}]", "The JSON is malformed at byte 6 (item 0): expected a value."),
            ("{\"a\" 1}", "The JSON is malformed at byte 5 (item 0): expected ':'."),
            ("{a:1}", "The JSON is malformed at byte 1 (item 0): expected a member's name."),
            ("[1] x", "The JSON is malformed at byte 4 (item 1): expected nothing behind the value."),
            ("[1", "The JSON is malformed at byte 1 (item 0): unexpected end of the text."),
            ("", "The JSON is malformed at byte 0 (item 0): unexpected end of the text."),
        ]
    )
    func malformed(text: String, description: String) {
        let error = #expect(throws: ItemReadingError.self) { try items(JSONItems(), from: text) }
        #expect(error?.description == description)
    }

    @Test("are never kept but for the one that is read: an array that is larger than any item may be passes through")
    func streamed() throws {
        var parser = JSONItems()
        let element = "{\"value\": \"\(String(repeating: "x", count: 1000))\"},"
        let piece = Array(String(repeating: element, count: 64).utf8)
        parser.take(Array("[".utf8))
        var count = 0
        for _ in 0..<150 {
            parser.take(piece)
            while try parser.next() != nil { count += 1 }
        }
        parser.take(Array("0]".utf8))
        parser.finish()
        while try parser.next() != nil { count += 1 }
        #expect(count == 9_601)
    }
}

@Suite("JSONL items")
struct JSONLinesTests {
    @Test("are the lines; what is wrong with one is said with its number")
    func lines() throws {
        #expect(try items(JSONLines(), from: "{\"a\": 1}\r\n\n2").texts == [#"{"a":1}"#, "2"])
        #expect(try items(JSONLines(), from: "").isEmpty)
        let error = #expect(throws: ItemReadingError.self) { try items(JSONLines(), from: "1\n\n{\"a\":}\n") }
        #expect(error?.description == "The JSONL is malformed at line 3, byte 3 (item 1): expected a value (column 6).")
    }
}
