import JSON
import StatesLanguage
import Testing

@Suite("What a field's path finds")
struct FieldPathsTests {
    struct Row: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let field: @Sendable (DataPath, Scope) throws(DataFlowError) -> JSONValue
        let value: JSONValue?
        /// What comes of it: the value's JSON, or the cause.
        let result: String

        init(
            _ testDescription: String,
            _ value: JSONValue?,
            _ result: String,
            _ field: @escaping @Sendable (DataPath, Scope) throws(DataFlowError) -> JSONValue
        ) {
            (self.testDescription, self.field, self.value, self.result) = (testDescription, field, value, result)
        }
    }

    static func waitSeconds(_ path: DataPath, _ scope: Scope) throws(DataFlowError) -> JSONValue {
        .number(JSONNumber(try path.waitSeconds(in: scope)))
    }
    static func timeout(_ path: DataPath, _ scope: Scope) throws(DataFlowError) -> JSONValue {
        .number(JSONNumber(try path.taskSeconds(field: "TimeoutSecondsPath", in: scope)))
    }
    static func timestamp(_ path: DataPath, _ scope: Scope) throws(DataFlowError) -> JSONValue {
        .string(try path.waitTimestamp(in: scope).rfc3339)
    }
    static func maxConcurrency(_ path: DataPath, _ scope: Scope) throws(DataFlowError) -> JSONValue {
        .number(JSONNumber(try path.integer(field: "MaxConcurrencyPath", in: scope)))
    }
    static func tolerated(_ path: DataPath, _ scope: Scope) throws(DataFlowError) -> JSONValue {
        .number(JSONNumber(try path.integer(field: "ToleratedFailureCountPath", in: scope)))
    }
    static func percentage(_ path: DataPath, _ scope: Scope) throws(DataFlowError) -> JSONValue {
        .number(JSONNumber(try path.percentage(field: "ToleratedFailurePercentagePath", in: scope)))
    }
    static func items(_ path: DataPath, _ scope: Scope) throws(DataFlowError) -> JSONValue {
        .array(try path.items(in: scope))
    }

    static let rows = [
        Row("is a number of seconds", 5, "5", waitSeconds),
        Row("may be 0 seconds", 0, "0", waitSeconds),
        Row(
            "is not half a second",
            1.5,
            "The SecondsPath parameter cannot be parsed as a long value: $.x == 1.5",
            waitSeconds
        ),
        Row("is not text", "5", "The SecondsPath parameter cannot be parsed as a long value: $.x == 5", waitSeconds),
        Row("is not less than 0", -1, "The SecondsPath parameter references a negative value: $.x == -1", waitSeconds),
        Row("must be there", nil, "The SecondsPath parameter does not reference an input value: $.x", waitSeconds),
        Row("is a timeout", 1, "1", timeout),
        Row("is no timeout if 0", 0, "The TimeoutSecondsPath parameter references a negative value: $.x == 0", timeout),
        Row("must be there for a timeout", nil, "Invalid path '$.x' : No results for path: $['x']", timeout),
        Row("is a timestamp", "2024-05-01T12:00:00+02:00", "\"2024-05-01T10:00:00Z\"", timestamp),
        Row(
            "is not another text",
            "2016-12-05T21:29:29",
            "The TimestampPath parameter does not reference a valid ISO-8601 extended offset date-time format string: "
                + "$.x == 2016-12-05T21:29:29",
            timestamp
        ),
        Row(
            "must be there for a timestamp",
            nil,
            "The TimestampPath parameter does not reference an input value: $.x",
            timestamp
        ),
        Row("is an integer", 3.0, "3", maxConcurrency),
        Row(
            "is not an integer as text",
            "NoNumber",
            "The MaxConcurrencyPath field refers to value \"NoNumber\" which is not a valid integer: $.x",
            maxConcurrency
        ),
        Row(
            "is not an integer as an object",
            [:],
            "The MaxConcurrencyPath field refers to value \"{}\" which is not a valid integer: $.x",
            maxConcurrency
        ),
        Row(
            "is not less than 0 as an integer",
            -1,
            "MaxConcurrency cannot be negative.",
            maxConcurrency
        ),
        Row("is not less than 0 as a count (recorded)", -1, "ToleratedFailureCount cannot be negative.", tolerated),
        Row(
            "is not half a failure",
            0.5,
            "The ToleratedFailureCountPath field refers to value \"0.5\" which is not a valid integer: $.x",
            tolerated
        ),
        Row("is a percentage", 1.1, "1.1", percentage),
        Row(
            "is not a percentage above 100 (recorded)",
            100.1,
            "ToleratedFailurePercentage must be between 0 and 100.",
            percentage
        ),
        Row(
            "is not a percentage below 0 (recorded)",
            -1.1,
            "ToleratedFailurePercentage must be between 0 and 100.",
            percentage
        ),
        Row(
            "is not a percentage as text (recorded)",
            "NoNumber",
            "The ToleratedFailurePercentagePath field refers to value \"NoNumber\" which is not a valid float: $.x",
            percentage
        ),
        Row("is an array", [1], "[1]", items),
        Row("must be an array", ["a": 1], "Reference path \"$.x\" must point to array.", items),
    ]

    @Test(arguments: rows)
    func field(_ row: Row) throws {
        let scope = Scope(input: .object(row.value.map { ["x": $0] } ?? [:]), context: .recorded())
        let path = try DataPath(parsing: "$.x")
        do {
            #expect(try row.field(path, scope).text == row.result)
        } catch {
            #expect(error.cause == row.result)
            #expect(error.errorName == "States.Runtime")
        }
    }

    @Test("names the context object's paths as the service does")
    func itemsOfContext() throws {
        let path = try DataPath(parsing: "$$.Execution.Input")
        let error = #expect(throws: DataFlowError.self) {
            try path.items(in: Scope(input: nil, context: .recorded()))
        }
        #expect(error?.cause == "Reference path \"$.Execution.Input\" must point to array.")
    }

    @Test("of CausePath is a string, from a path or from a function")
    func cause() throws {
        let scope = Scope(input: ["x": "text", "n": 1], context: .recorded())
        var generator = CountingGenerator()
        func cause(_ text: String) throws -> String {
            try DynamicValue(parsing: text, field: "CausePath").string(in: scope, using: &generator)
        }
        #expect(try cause("$.x") == "text")
        #expect(try cause("States.Format('{}!', $.x)") == "text!")
        #expect(throws: DataFlowError.self) { try cause("$.n") }
        let error = #expect(throws: DataFlowError.self) { try cause("$.NoSuchCausePath") }
        #expect(
            error?.cause == "The JSONPath '$.NoSuchCausePath' specified for the field 'CausePath' could not be found "
                + "in the input '{\"x\":\"text\",\"n\":1}'"
        )
    }
}
