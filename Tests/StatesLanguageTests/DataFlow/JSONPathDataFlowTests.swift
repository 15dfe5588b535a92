import JSON
import StatesLanguage
import Testing

@Suite("The data flow of a JSONPath state")
struct JSONPathDataFlowTests {
    struct Row: Sendable, CustomTestStringConvertible {
        let testDescription: String
        /// The fields, of a state whose result is `{"r": 1.0}`, or its effective input where that is `nil`.
        let fields: JSONValue
        let raw: String
        var result: String? = #"{"r":  1.0}"#
        let effectiveInput: String
        let output: String
    }

    static let raw = #"{"a":  {"b": 1.00}, "c": [1, 2]}"#

    static let rows = [
        Row(
            testDescription: "leaves to the letter what no field touches",
            fields: [:],
            raw: raw,
            result: nil,
            effectiveInput: raw,
            output: raw
        ),
        Row(
            testDescription: "replaces the input by the result",
            fields: [:],
            raw: raw,
            effectiveInput: raw,
            output: #"{"r":  1.0}"#
        ),
        Row(
            testDescription: "keeps the input where the result is discarded",
            fields: ["ResultPath": nil],
            raw: raw,
            effectiveInput: raw,
            output: raw
        ),
        Row(
            testDescription: "selects by InputPath and OutputPath",
            fields: ["InputPath": "$.a", "OutputPath": "$.b"],
            raw: raw,
            result: nil,
            effectiveInput: #"{"b":1.00}"#,
            output: "1.00"
        ),
        Row(
            testDescription: "takes null as an empty object",
            fields: ["InputPath": nil, "OutputPath": nil],
            raw: raw,
            effectiveInput: "{}",
            output: "{}"
        ),
        Row(
            testDescription: "keeps the letter also where fields say $",
            fields: ["InputPath": "$", "ResultPath": "$", "OutputPath": "$"],
            raw: "[1, 2]",
            result: nil,
            effectiveInput: "[1, 2]",
            output: "[1, 2]"
        ),
        Row(
            testDescription: "puts the result into the raw input, not the selected one",
            fields: ["InputPath": "$.a", "Parameters": ["x": 1], "ResultPath": "$.d.e", "OutputPath": "$"],
            raw: raw,
            effectiveInput: #"{"x":1}"#,
            output: #"{"a":{"b":1.00},"c":[1,2],"d":{"e":{"r":1.0}}}"#
        ),
        Row(
            testDescription: "gives Parameters what InputPath selected, ResultSelector the result",
            fields: [
                "InputPath": "$.a", "Parameters": ["x.$": "$.b"], "ResultSelector": ["y.$": "$.r"],
                "ResultPath": "$.c[0]",
            ],
            raw: raw,
            effectiveInput: #"{"x":1.00}"#,
            output: #"{"a":{"b":1.00},"c":[{"y":1.0},2]}"#
        ),
        Row(
            testDescription: "reads the context object",
            fields: ["InputPath": "$$.State.Name", "OutputPath": "$$.Execution.Name"],
            raw: raw,
            effectiveInput: "\"State_0\"",
            output: "\"<ExecArnPart_0idx>\""
        ),
        Row(
            testDescription: "is as TestState shows it",
            fields: [
                "InputPath": "$.payload", "Parameters": ["data": 1], "ResultPath": "$.result",
                "OutputPath": "$.result.data",
            ],
            raw: #"{"payload":{"foo":"bar"}}"#,
            result: nil,
            effectiveInput: #"{"data":1}"#,
            output: "1"
        ),
    ]

    static func dataFlow(_ fields: JSONValue) throws -> JSONPathDataFlow {
        try JSONPathDataFlow(
            inputPath: PathField(parsing: fields["InputPath"]),
            parameters: fields["Parameters"].map { try PayloadTemplate(compiling: $0, at: JSONPointer()) },
            resultSelector: fields["ResultSelector"].map { try PayloadTemplate(compiling: $0, at: JSONPointer()) },
            resultPath: ResultPathField(parsing: fields["ResultPath"]),
            outputPath: PathField(parsing: fields["OutputPath"])
        )
    }

    @Test(arguments: rows)
    func flow(_ row: Row) throws {
        let dataFlow = try Self.dataFlow(row.fields)
        let raw = try JSONText(validating: row.raw)
        var generator = CountingGenerator()
        let input = try dataFlow.effectiveInput(raw: raw, context: .recorded(), using: &generator)
        #expect(input.text == row.effectiveInput)
        let result = try row.result.map { try JSONText(validating: $0) } ?? input
        let output = try dataFlow.output(raw: raw, result: result, context: .recorded(), using: &generator)
        #expect(output.text == row.output)
    }

    @Test(
        "fails where ResultPath does not fit the raw input",
        arguments: ["[1]", "\"x\"", "1", "null", #"{"a":1}"#]
    )
    func mismatch(raw: String) throws {
        let dataFlow = try Self.dataFlow(["ResultPath": "$.a.b"])
        let error = #expect(throws: DataFlowError.self) {
            try dataFlow.afterResultPath(raw: JSONText(validating: raw), result: JSONText(1))
        }
        #expect(error?.errorName == "States.ResultPathMatchFailure")
        #expect(error?.cause == "Unable to apply ReferencePath $.a.b to input \(raw)")
    }

    @Test(
        "refuses to write to the context object or to a variable",
        arguments: ["$$.a", "$name", "$.a[*]", "a", "$..b"]
    )
    func refused(path: String) {
        #expect(throws: DataFlowError.self) { try ResultPathField(parsing: .string(path)) }
    }

    @Test("fails where OutputPath finds nothing, as recorded")
    func missingOutput() throws {
        let dataFlow = try Self.dataFlow(["OutputPath": "$.no.such.result.path"])
        let error = #expect(throws: DataFlowError.self) {
            try dataFlow.afterOutputPath(JSONText([:]), context: .recorded())
        }
        #expect(error?.cause == "Invalid path '$.no.such.result.path' : Missing property in path $['no']")
    }
}
