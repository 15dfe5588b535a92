import Testing

@testable import JSON

@Suite("A JSON value")
struct JSONValueTests {
    @Test("equals another whatever the order of members and the spelling of numbers")
    func equality() throws {
        let first = try JSONValue(parsing: #"{"a": 1, "b": [1.0, "x"]}"#)
        let second = try JSONValue(parsing: #"{"b": [1, "x"], "a": 1e0}"#)
        #expect(first == second)
        #expect(first.hashValue == second.hashValue)
        #expect(first != ["a": 1])
        #expect(["a": 1] as JSONValue != ["b": 1])
        #expect([1, 2] as JSONValue != [2, 1])
        #expect("1" as JSONValue != 1)
        #expect(nil as JSONValue != false)
    }

    @Test("tells code points apart that Swift's strings hold for equivalent")
    func codePoints() {
        #expect("é" as JSONValue != "e\u{301}")
        let object: JSONObject = ["é": 1, "e\u{301}": 2]
        #expect(object.count == 2)
        #expect(object["e\u{301}"] == 2)
    }

    @Test("is looked into by name and index")
    func access() {
        let value: JSONValue = ["a": [1, "x", true, nil], "n": 2.5]
        #expect(value["a"]?[0]?.int == 1)
        #expect(value["a"]?[1]?.string == "x")
        #expect(value["a"]?[2]?.bool == true)
        #expect(value["a"]?[3]?.isNull == true)
        #expect(value["a"]?[4] == nil)
        #expect(value["a"]?[-1] == nil)
        #expect(value["x"] == nil)
        #expect(value["n"]?.double == 2.5)
        #expect(value["n"]?.int == nil)
        #expect(value["a"]?.array?.count == 4)
        #expect(value.object?.keys == ["a", "n"])
    }
}

@Suite("The members of a JSON object")
struct JSONObjectTests {
    @Test("keep their order when set, replaced and removed", arguments: [3, 16, 17, 100])
    func order(count: Int) {
        var object = JSONObject()
        for number in 0..<count { object["k\(number)"] = JSONValue.number(JSONNumber(number)) }
        object["k1"] = "new"
        #expect(object.keys == (0..<count).map { "k\($0)" })
        #expect(object["k1"] == "new")
        #expect(object.removeValue(forKey: "k0") == 0)
        #expect(object.removeValue(forKey: "k0") == nil)
        object["k2"] = nil
        #expect(object.count == count - 2)
        #expect(object["k1"] == "new")
        #expect(object["k2"] == nil)
        object["k0"] = 5
        #expect(object.keys.last == "k0")
        #expect(object.keys.allSatisfy { object[$0] != nil })
    }
}

@Suite("The place of a JSON value")
struct JSONPointerTests {
    @Test("is written with escapes")
    func description() {
        #expect(JSONPointer().description == "/")
        #expect(JSONPointer().appending("States").appending("a/b~c").appending(0).description == "/States/a~1b~0c/0")
    }
}
