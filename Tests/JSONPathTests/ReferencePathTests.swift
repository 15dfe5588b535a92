import JSON
import Testing

@testable import JSONPath

@Suite("A Reference Path")
struct ReferencePathTests {
    struct Row: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let path: String
        let target: JSONValue
        /// What comes out; `nil` if nothing can be put there.
        let result: JSONValue?
    }

    static let rows = [
        Row(testDescription: "is the whole value", path: "$", target: 1, result: "new"),
        Row(testDescription: "adds a member at the end", path: "$.b", target: ["a": 1], result: ["a": 1, "b": "new"]),
        Row(testDescription: "replaces a member", path: "$.a", target: ["a": [1]], result: ["a": "new"]),
        Row(
            testDescription: "makes objects on the way",
            path: "$.a.b['c d']",
            target: [:],
            result: ["a": ["b": ["c d": "new"]]]
        ),
        Row(
            testDescription: "keeps what stands beside",
            path: "$.a.b",
            target: ["a": ["c": 1]],
            result: ["a": ["c": 1, "b": "new"]]
        ),
        Row(testDescription: "replaces an element", path: "$.a[1]", target: ["a": [1, 2]], result: ["a": [1, "new"]]),
        Row(
            testDescription: "goes through an element",
            path: "$.a[0].b",
            target: ["a": [[:]]],
            result: ["a": [["b": "new"]]]
        ),
        Row(testDescription: "counts from the end", path: "$[-1]", target: [1, 2], result: [1, "new"]),
        Row(testDescription: "does not add an element", path: "$.a[2]", target: ["a": [1, 2]], result: nil),
        Row(testDescription: "does not make an array", path: "$.a[0]", target: [:], result: nil),
        Row(testDescription: "does not index an object", path: "$[0]", target: [:], result: nil),
        Row(testDescription: "names no member of an array", path: "$.a", target: [1], result: nil),
        Row(testDescription: "names no member of a string", path: "$.a", target: "text", result: nil),
        Row(testDescription: "does not replace a scalar on the way", path: "$.a.b", target: ["a": 1], result: nil),
        Row(testDescription: "does not replace null on the way", path: "$.a.b", target: ["a": nil], result: nil),
    ]

    @Test(arguments: rows)
    func setting(_ row: Row) throws {
        let path = try ReferencePath(parsing: row.path)
        guard let result = row.result else {
            #expect(throws: PathError.self) { try path.setting("new", in: row.target) }
            return
        }
        let changed = try path.setting("new", in: row.target)
        #expect(changed.text == result.text)
        #expect(try path.evaluate(on: changed) == "new")
    }

    @Test(
        "is refused if it could name several places or none",
        arguments: [
            "$.*", "$[*]", "$..a", "$[0,1]", "$[0:1]", "$[:]", "$['a','b']", "$[?(@.a)]", "$.a.length()", "a", "$$.a",
            "",
            "$" + String(repeating: ".a", count: 10_000),
        ]
    )
    func refused(_ text: String) {
        #expect(throws: PathError.self) { try ReferencePath(parsing: text) }
    }

    @Test("says what cannot be set without saying what is there")
    func description() throws {
        let error = #expect(throws: PathError.self) {
            try ReferencePath(parsing: "$.a.b").setting(1, in: ["a": "secret"])
        }
        #expect(error?.description == "No value can be put at path $['a']['b']")
    }
}
