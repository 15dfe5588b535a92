import JSON
import StatesLanguage
import Testing

/// A distributed Map `X` with some fields, alone in its machine.
private func machine(
    _ fields: String,
    language: QueryLanguage = .jsonPath,
    of type: String = "EXPRESS",
    around state: String = #"{"Type": "Succeed"}"#
) -> String {
    """
    {"QueryLanguage": "\(language.rawValue)", "StartAt": "X", "States": {"X": {"Type": "Map", "ItemProcessor": {
        "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "\(type)"}, "StartAt": "Y",
        "States": {"Y": \(state)}}, \(fields), "End": true}}}
    """
}

private let jsonReader = """
    "ItemReader": {"Resource": "arn:aws:states:::s3:getObject", "ReaderConfig": {"InputType": "JSON"},
      "Parameters": {"Bucket": "b", "Key": "k"}}
    """

/// A Map for the children of `X`.
private func inner(_ mode: String) -> String {
    let type = mode == "DISTRIBUTED" ? #", "ExecutionType": "STANDARD""# : ""
    return """
        {"Type": "Map", "End": true, "ItemProcessor": {"ProcessorConfig": {"Mode": "\(mode)"\(type)},
          "StartAt": "Z", "States": {"Z": {"Type": "Succeed"}}}}
        """
}

private func map(_ fields: String, language: QueryLanguage = .jsonPath) throws -> MapState {
    let definition = try StateMachineDefinition(parsing: machine(fields, language: language))
    guard case .map(let map) = definition.state(named: "X")?.body else { throw NoMap() }
    return map
}

private struct NoMap: Error {}

@Suite("A distributed Map")
struct DistributedMapTests {
    @Test(
        "is left behind its run's end where AWS was recorded so, and behind the run's start by what was recorded later",
        arguments: [
            (machine(#""ItemsPath": "$.a""#), false),
            (machine(jsonReader), false),
            (machine("\(jsonReader), \(#""ItemsPath": "$.a""#)"), true),
            (machine(#""Label": "X""#, language: .jsonata), true),
            (machine(#""Assign": {"a": 1}"#), true),
            (machine(#""Label": "X""#, of: "STANDARD", around: inner("INLINE")), false),
            (machine(#""Label": "X""#, of: "STANDARD", around: inner("DISTRIBUTED")), true),
        ]
    )
    func exit(text: String, followsStart: Bool) throws {
        #expect(try StateMachineDefinition(parsing: text).exitsFollowRunStarts == followsStart)
    }

    @Test("reads a CSV file with given headers")
    func csv() throws {
        let map = try map(
            """
            "Label": "Rows", "ItemReader": {"Resource": "arn:aws:states:::s3:getObject",
              "ReaderConfig": {"InputType": "CSV", "CSVHeaderLocation": "GIVEN", "CSVHeaders": ["a", "b"],
                "CSVDelimiter": "PIPE", "MaxItemsPath": "$.n"},
              "Parameters": {"Bucket": "b", "Key.$": "$.key"}}
            """
        )
        let reader = try #require(map.itemReader)
        #expect(map.mode == .distributed(.express))
        #expect(map.label == "Rows")
        #expect(reader.source == .getObject)
        #expect(reader.configuration.inputType == .csv)
        #expect(reader.configuration.headerLocation == .given)
        #expect(reader.configuration.headers == ["a", "b"])
        #expect(reader.configuration.delimiter == .pipe)
        guard case .path = reader.configuration.maxItems else {
            Issue.record("MaxItemsPath is no path")
            return
        }
    }

    @Test("reads a listing as it is, or the objects in it")
    func listing() throws {
        let resource =
            #""Resource": "arn:aws-cn:states:::s3:listObjectsV2", "Parameters": {"Bucket": "b", "Prefix": "p"}"#
        let plain = try #require(try map("\"ItemReader\": {\(resource)}").itemReader)
        #expect(plain.source == .listObjects)
        #expect(plain.configuration.transformation == .none)
        #expect(plain.configuration.inputType == nil)
        let loaded = try #require(
            try map(
                #""ItemReader": {\#(resource), "ReaderConfig": {"Transformation": "LOAD_AND_FLATTEN", "InputType": "JSONL"}}"#
            ).itemReader
        )
        #expect(loaded.configuration.transformation == .loadAndFlatten)
        #expect(loaded.configuration.inputType == .jsonLines)
    }

    @Test("takes batches and results' formats in JSONata too, where numbers may be expressions")
    func jsonata() throws {
        let map = try map(
            """
            "ItemReader": {"Resource": "arn:aws:states:::s3:getObject",
              "ReaderConfig": {"InputType": "JSON", "ItemsPointer": "/a/0", "MaxItems": "{% $states.input.n %}"},
              "Arguments": "{% $states.input.where %}"},
            "ItemBatcher": {"MaxItemsPerBatch": "{% $n %}", "BatchInput": {"at": "{% $states.context.State.EnteredTime %}"}},
            "ResultWriter": {"Resource": "arn:aws:states:::s3:putObject", "Arguments": {"Bucket": "b"},
              "WriterConfig": {"OutputType": "JSONL", "Transformation": "FLATTEN"}}
            """,
            language: .jsonata
        )
        #expect(map.itemReader?.configuration.itemsPointer == "/a/0")
        for field in [map.itemReader?.configuration.maxItems, map.itemBatcher?.maxItems] {
            guard case .expression = field else {
                Issue.record("\(String(describing: field)) is no expression")
                return
            }
        }
        #expect(map.itemBatcher?.maxBytes == nil)
        #expect(map.resultWriter?.outputType == .jsonLines)
        #expect(map.resultWriter?.transformation == .flatten)
    }

    @Test("writes records into files, and outputs into its result, unless it says otherwise")
    func writerDefaults() throws {
        let target = #""Resource": "arn:aws:states:::s3:putObject", "Parameters": {"Bucket": "b"}"#
        let exported = try #require(try map("\"ResultWriter\": {\(target)}").resultWriter)
        #expect(exported.transformation == .none)
        #expect(exported.parameters != nil)
        let inline = try #require(try map(#""ResultWriter": {"WriterConfig": {"OutputType": "JSON"}}"#).resultWriter)
        #expect(inline.transformation == .compact)
        #expect(inline.parameters == nil)
    }

    @Test("shows the variables and the context that its reader, batcher and writer read")
    func references() throws {
        let text = machine(
            """
            "ItemReader": {"Resource": "arn:aws:states:::s3:listObjectsV2", "Parameters": {"Bucket.$": "$b"}},
            "ItemBatcher": {"MaxItemsPerBatchPath": "$n", "BatchInput": {"name.$": "$$.Execution.Name"}},
            "ResultWriter": {"Resource": "arn:aws:states:::s3:putObject", "Parameters": {"Bucket.$": "$w"}}
            """
        )
        let assigned = text.replacing(
            "\"StartAt\": \"X\", \"States\": {",
            with:
                #""StartAt": "A", "States": {"A": {"Type": "Pass", "Assign": {"b": 1, "n": 2, "w": 3}, "Next": "X"}, "#,
            maxReplacements: 1
        )
        let definition = try StateMachineDefinition(parsing: assigned)
        #expect(definition.variableReferences.map(\.variables) == [["b", "n", "w"]])
        #expect(definition.readsContext)
    }

    static let reader = #""Resource": "arn:aws:states:::s3:getObject", "Parameters": {"Bucket": "b", "Key": "k"}"#

    static let mistakes = [
        Mistake(
            "with a reader of nothing",
            in: machine(#""ItemReader": {}"#),
            "SCHEMA_VALIDATION_FAILED: These fields are required: [Resource] at /States/X/ItemReader",
            "SCHEMA_VALIDATION_FAILED: These fields are required: [Parameters] at /States/X/ItemReader"
        ),
        Mistake(
            "with a reader of what cannot be read",
            in: machine(
                #""ItemReader": {"Resource": "arn:aws:states:::sqs:sendMessage", "Parameters": {"Bucket": "b"}}"#
            ),
            "SCHEMA_VALIDATION_FAILED: Value should be one of the following: "
                + "[arn:aws:states:::s3:getObject, arn:aws:states:::s3:listObjectsV2] at /States/X/ItemReader/Resource"
        ),
        Mistake(
            "with a reader of no key and no type",
            in: machine(
                #""ItemReader": {"Resource": "arn:aws:states:::s3:getObject", "Parameters": {"Bucket.$": "$.b"}}"#
            ),
            "SCHEMA_VALIDATION_FAILED: The field 'Key' is required but was missing at /States/X/ItemReader/Parameters",
            "SCHEMA_VALIDATION_FAILED: These fields are required: [ReaderConfig] at /States/X/ItemReader"
        ),
        Mistake(
            "with CSV of which nobody knows the headers",
            in: machine(#""ItemReader": {\#(reader), "ReaderConfig": {"InputType": "CSV"}}"#),
            "SCHEMA_VALIDATION_FAILED: These fields are required: [CSVHeaderLocation] at /States/X/ItemReader/ReaderConfig"
        ),
        Mistake(
            "with headers that are given but not there, and fewer items than one",
            in: machine(
                #""ItemReader": {\#(reader), "ReaderConfig": {"InputType": "CSV", "CSVHeaderLocation": "GIVEN", "MaxItems": 0}}"#
            ),
            "SCHEMA_VALIDATION_FAILED: Minimum value is 1 at /States/X/ItemReader/ReaderConfig/MaxItems",
            "SCHEMA_VALIDATION_FAILED: These fields are required: [CSVHeaders] at /States/X/ItemReader/ReaderConfig"
        ),
        Mistake(
            "with an unknown type, and a pointer that is none",
            in: machine(#""ItemReader": {\#(reader), "ReaderConfig": {"InputType": "XML", "ItemsPointer": "$.a"}}"#),
            "SCHEMA_VALIDATION_FAILED: Value should be one of the following: [CSV, JSON, JSONL, PARQUET, MANIFEST] "
                + "at /States/X/ItemReader/ReaderConfig/InputType",
            "SCHEMA_VALIDATION_FAILED: Value must be a valid JSON pointer at /States/X/ItemReader/ReaderConfig/ItemsPointer"
        ),
        Mistake(
            "with batches without a limit",
            in: machine(#""ItemBatcher": {"BatchInput": {}}"#),
            "SCHEMA_VALIDATION_FAILED: This object should have at least one of the following fields: "
                + "[MaxItemsPerBatch, MaxInputBytesPerBatch] at /States/X/ItemBatcher"
        ),
        Mistake(
            "with batches larger than an input may be, and two limits of their items",
            in: machine(
                #""ItemBatcher": {"MaxItemsPerBatch": 1, "MaxItemsPerBatchPath": "$.n", "MaxInputBytesPerBatch": 262145}"#
            ),
            "SCHEMA_VALIDATION_FAILED: There should only be one of the following fields: "
                + "[MaxItemsPerBatch, MaxItemsPerBatchPath] at /States/X/ItemBatcher",
            "SCHEMA_VALIDATION_FAILED: Maximum value is 262144 at /States/X/ItemBatcher/MaxInputBytesPerBatch"
        ),
        Mistake(
            "with a writer to nowhere",
            in: machine(
                #""ResultWriter": {"Resource": "arn:aws:states:::s3:putObject", "Parameters": {"Prefix": "p"}}"#
            ),
            "SCHEMA_VALIDATION_FAILED: The field 'Bucket' is required but was missing at /States/X/ResultWriter/Parameters"
        ),
        Mistake(
            "with paths in JSONata",
            in: machine(#""ItemBatcher": {"MaxItemsPerBatchPath": "$.n"}"#, language: .jsonata),
            "SCHEMA_VALIDATION_FAILED: The QueryLanguage is set to 'JSONata', but field 'MaxItemsPerBatchPath' is only "
                + "supported for the 'JSONPath' QueryLanguage at /States/X/ItemBatcher"
        ),
        Mistake(
            "with two of the same label",
            in: machine(#""Label": "L""#).replacing(
                #""Y": {"Type": "Succeed"}"#,
                with:
                    #""Y": {"Type": "Map", "Label": "L", "ItemProcessor": {"StartAt": "Z", "States": {"Z": {"Type": "Succeed"}}}, "End": true}"#
            ),
            "DUPLICATE_LABEL_NAME: Duplicate Label name: L at /States/X/Label"
        ),
    ]

    /// In place of the state `Y` of the EXPRESS processor, and what is said of it.
    static let inside = [
        Mistake(
            "with a distributed Map inside",
            in: machine(
                #""Comment": """#,
                around: #"""
                    {"Type": "Map", "End": true, "ItemProcessor": {
                        "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"}, "StartAt": "Z",
                        "States": {"Z": {"Type": "Task", "Resource": "\#(activity)", "End": true}}}}
                    """#
            ),
            "SCHEMA_VALIDATION_FAILED: The field 'Mode' with value 'DISTRIBUTED' is not supported inside 'EXPRESS' state "
                + "machines at /States/X/ItemProcessor/States/Y/ItemProcessor/ProcessorConfig/Mode",
            "SCHEMA_VALIDATION_FAILED: Express state machine does not support Activity ARN "
                + "at /States/X/ItemProcessor/States/Y/ItemProcessor/States/Z/Resource"
        ),
        Mistake(
            "with an activity in a branch inside",
            in: machine(
                #""Comment": """#,
                around: #"""
                    {"Type": "Parallel", "End": true, "Branches": [{"StartAt": "Z",
                        "States": {"Z": {"Type": "Task", "Resource": "\#(activity)", "End": true}}}]}
                    """#
            ),
            "SCHEMA_VALIDATION_FAILED: Express state machine does not support Activity ARN "
                + "at /States/X/ItemProcessor/States/Y/Branches[0]/States/Z/Resource"
        ),
        Mistake(
            "with a job inside that is waited for",
            in: machine(
                #""Comment": """#,
                around: #"""
                    {"Type": "Task", "Resource": "arn:aws:states:::states:startExecution.sync:2", "End": true,
                        "Parameters": {"StateMachineArn": "arn:aws:states:us-east-1:123456789012:stateMachine:m"}}
                    """#
            ),
            "SCHEMA_VALIDATION_FAILED: Express state machine does not support '.sync' service integration "
                + "at /States/X/ItemProcessor/States/Y/Resource"
        ),
        Mistake(
            "with a callback inside",
            in: machine(
                #""Comment": """#,
                around: #"""
                    {"Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage.waitForTaskToken", "End": true,
                        "Parameters": {"QueueUrl": "q", "MessageBody.$": "$$.Task.Token"}}
                    """#
            ),
            "SCHEMA_VALIDATION_FAILED: Express state machine does not support '.waitForTaskToken' service integration  "
                + "at /States/X/ItemProcessor/States/Y/Resource"
        ),
    ]

    @Test("is refused", arguments: mistakes + inside)
    func mistake(_ mistake: Mistake) { mistake.check() }

    @Test("has STANDARD children do what Express executions cannot", arguments: inside)
    func standard(_ mistake: Mistake) throws {
        let express = #""EXPRESS"}, "StartAt": "Y""#
        #expect(mistake.definition.contains(express))
        _ = try StateMachineDefinition(
            parsing: mistake.definition.replacing(express, with: #""STANDARD"}, "StartAt": "Y""#)
        )
    }

    @Test("with EXPRESS children may stand in front of what Express executions cannot do")
    func behind() throws {
        _ = try StateMachineDefinition(
            parsing: machine(#""Comment": """#).replacing(
                #""End": true}}}"#,
                with: #""Next": "A"}, "A": {"Type": "Task", "Resource": "\#(Self.activity)", "End": true}}}"#
            )
        )
    }

    private static let activity = "arn:aws:states:us-east-1:123456789012:activity:a"
}
