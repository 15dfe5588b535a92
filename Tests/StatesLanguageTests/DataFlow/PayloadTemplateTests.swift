import JSON
import StatesLanguage
import Testing

@Suite("A payload template")
struct PayloadTemplateTests {
    struct Row: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let template: String
        let value: String

        init(_ testDescription: String, _ template: String, _ value: String) {
            (self.testDescription, self.template, self.value) = (testDescription, template, value)
        }
    }

    static let input = #"{"a": 1.0, "list": [1, 2], "o": {"b": "x"}}"#

    static let rows = [
        Row(
            "copies what is not computed",
            #"{"x": [1.0, {"y": "$.a"}], "$.a": "$"}"#,
            #"{"x":[1.0,{"y":"$.a"}],"$.a":"$"}"#
        ),
        Row("computes paths", #"{"x.$": "$.a", "y.$": "$.o"}"#, #"{"x":1.0,"y":{"b":"x"}}"#),
        Row(
            "computes at any depth, also within arrays",
            #"{"x": [{"y.$": "$.a"}, "$.a"]}"#,
            #"{"x":[{"y":1.0},"$.a"]}"#
        ),
        Row("computes lists of matches", #"{"x.$": "$.list[?(@ > 1)]", "y.$": "$..none"}"#, #"{"x":[2],"y":[]}"#),
        Row("computes from the context object", #"{"x.$": "$$.State.Name"}"#, #"{"x":"State_0"}"#),
        Row(
            "computes functions",
            #"{"x.$": "States.Array($.a, $$.Execution.Name)"}"#,
            #"{"x":[1.0,"<ExecArnPart_0idx>"]}"#
        ),
        Row("finds null beyond an array's end", #"{"x.$": "$.list[5]"}"#, #"{"x":null}"#),
        Row("may be an array", #"[{"x.$": "$.a"}]"#, #"[{"x":1.0}]"#),
        Row("may be a scalar", #""$.a""#, #""$.a""#),
        Row("keeps the order of its members", #"{"b.$": "$.a", "a": 2, "c.$": "$.a"}"#, #"{"b":1.0,"a":2,"c":1.0}"#),
        Row("may have a member without a name", #"{".$": "$.a"}"#, #"{"":1.0}"#),
    ]

    @Test(arguments: rows)
    func evaluation(_ row: Row) throws {
        let template = try PayloadTemplate(compiling: JSONValue(parsing: row.template), at: JSONPointer())
        let scope = try Scope(input: JSONValue(parsing: Self.input), context: .recorded())
        var generator = CountingGenerator()
        #expect(try template.evaluate(in: scope, using: &generator).text == row.value)
        #expect(try template.text(in: scope, using: &generator).text == row.value)
    }

    @Test("reports all problems, at the objects that hold the keys")
    func problems() {
        let template: JSONValue = [
            "a.$": "x", "b.$": 1, "ok.$": "$.x",
            "c": [["d.$": "States.Nothing()"], ["e": 1, "e.$": "$"]],
        ]
        let place = JSONPointer().appending("States").appending("X").appending("Parameters")
        let error = #expect(throws: InvalidTemplate.self) { try PayloadTemplate(compiling: template, at: place) }
        let kinds = "must be a valid JSONPath or a valid intrinsic function call"
        #expect(
            error?.problems.map(\.description) == [
                "The value for the field 'a.$' \(kinds) at /States/X/Parameters",
                "The value for the field 'b.$' \(kinds) at /States/X/Parameters",
                "The value for the field 'd.$' \(kinds) at /States/X/Parameters/c/0",
                "The field 'e.$' must not stand beside the field 'e' at /States/X/Parameters/c/1",
            ]
        )
    }

    @Test("names the field, the path and what was searched")
    func missing() throws {
        let template = try PayloadTemplate(compiling: ["value.$": "$.no_such_jsonpath"], at: JSONPointer())
        let scope = Scope(input: ["int-literal": 0], context: .recorded())
        var generator = CountingGenerator()
        let error = #expect(throws: DataFlowError.self) { try template.evaluate(in: scope, using: &generator) }
        #expect(error?.errorName == "States.Runtime")
        #expect(
            error?.cause == "The JSONPath '$.no_such_jsonpath' specified for the field 'value.$' "
                + "could not be found in the input '{\"int-literal\":0}'"
        )
        #expect(error?.description.contains("int-literal") == false)
    }

    @Test("cuts a cause at the length that a cause may have")
    func longCause() throws {
        let template = try PayloadTemplate(compiling: ["x.$": "$.no"], at: JSONPointer())
        let scope = Scope(input: ["a": .string(String(repeating: "x", count: 100_000))], context: .recorded())
        var generator = CountingGenerator()
        let error = #expect(throws: DataFlowError.self) { try template.evaluate(in: scope, using: &generator) }
        #expect(error?.cause.count == 32_768)
    }

    @Test("says what it reads, and whether it is deterministic")
    func properties() throws {
        func template(_ value: JSONValue) throws -> PayloadTemplate {
            try PayloadTemplate(compiling: value, at: JSONPointer())
        }
        #expect(try !template(["a": "$$.State.Name"]).readsContext)
        #expect(try template(["a": [["b.$": "States.Array($$.State.Name)"]]]).readsContext)
        #expect(try !template(["a.$": "$$.State.Name"]).readsExecutionInput)
        #expect(try template(["a.$": "$$.Execution.Input"]).readsExecutionInput)
        #expect(try template(["a.$": "$.b"]).isDeterministic)
        #expect(try !template(["a": ["b.$": "States.UUID()"]]).isDeterministic)
        #expect(try template(["a.$": "$x.b"]).paths.map(\.variable) == ["x"])
    }

    @Test("that names a payload too often fails before memory does")
    func budget() throws {
        let members = JSONObject((0..<10_000).map { (key: "k\($0).$", value: JSONValue.string("$")) })
        let template = try PayloadTemplate(compiling: .object(members), at: JSONPointer())
        let big = JSONValue.array(Array(repeating: "0123456789", count: 20_000))
        var generator = CountingGenerator()
        let error = #expect(throws: DataFlowError.self) {
            try template.evaluate(in: Scope(input: big, context: .recorded()), using: &generator)
        }
        #expect(error?.errorName == "States.DataLimitExceeded")
    }

    @Test("may be nested as deeply as JSON")
    func depth() throws {
        let text = String(repeating: "[", count: 510) + #"{"x.$":"$"}"# + String(repeating: "]", count: 510)
        let template = try PayloadTemplate(compiling: JSONValue(parsing: text), at: JSONPointer())
        let deep = try JSONValue(parsing: String(repeating: "[", count: 512) + String(repeating: "]", count: 512))
        var generator = CountingGenerator()
        let value = try template.text(in: Scope(input: deep, context: .recorded()), using: &generator)
        #expect(value.text.utf8.count == 2 * 510 + 6 + 2 * 512)
    }
}
