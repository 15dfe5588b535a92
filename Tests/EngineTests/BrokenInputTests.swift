import Engine
import Foundation
import JSON
import Objects
import Store
import Synchronization
import Testing
import TestSupport

@Suite("A Distributed Map whose objects are broken", .database)
struct BrokenInputTests {
    struct Row: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let key: String
        /// `nil`: there is none.
        let object: [UInt8]?
        let format: String
        var bucket = "b"
        /// What the cause begins with: where it is, and what is wrong.
        let cause: String

        init(
            _ what: String,
            _ key: String,
            _ text: String?,
            as format: String,
            in bucket: String = "b",
            gives cause: String
        ) {
            testDescription = what
            self.key = key
            object = text.map { Array($0.utf8) }
            self.format = format
            self.bucket = bucket
            self.cause = cause
        }

        init(_ what: String, _ key: String, bytes: [UInt8], as format: String, gives cause: String) {
            testDescription = what
            self.key = key
            object = bytes
            self.format = format
            self.cause = cause
        }
    }

    private static let csv = #""InputType": "CSV", "CSVHeaderLocation": "FIRST_ROW""#
    private static let json = #""InputType": "JSON""#
    /// The lines `id` and 1 to 3, compressed.
    private static let gzip: [UInt8] = [
        0x1F, 0x8B, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x02, 0x03, 0xCB, 0x4C, 0xE1, 0x32, 0xE4, 0x32, 0xE2, 0x32,
        0xE6,
        0x02, 0x00, 0x25, 0x27, 0x85, 0x20, 0x09, 0x00, 0x00, 0x00,
    ]

    static let rows = [
        Row(
            "by a quote that never ends",
            "a.csv",
            "id,x\n1,a\n2,\"b\n3,c\n",
            as: csv,
            gives: "s3://b/a.csv: The CSV is malformed at line 3, byte 9 (item 1)"
        ),
        Row(
            "by two headers of one name",
            "a.csv",
            "id,id\n1,2\n",
            as: csv,
            gives: "CSV headers cannot contain duplicates."
        ),
        Row(
            "by having no headers",
            "a.csv",
            "",
            as: csv,
            gives: "s3://b/a.csv: The CSV file has no row with the headers."
        ),
        Row(
            "by the end of the compressed data being missing",
            "a.csv.gz",
            bytes: Array(gzip.dropLast(9)),
            as: csv,
            gives: "s3://b/a.csv.gz: the GZIP data ends too early, at byte "
        ),
        Row(
            "by not being compressed at all",
            "a.csv.gz",
            "id\n1\n",
            as: csv,
            gives: "s3://b/a.csv.gz: the GZIP data is corrupt at byte "
        ),
        Row(
            "by being an object, not an array",
            "a.json",
            #"{"a": 1}"#,
            as: json,
            gives: "Attempting to map over non-iterable node."
        ),
        Row(
            "by ending within an array",
            "a.json",
            "[1, 2",
            as: json,
            gives: "s3://b/a.json: The JSON is malformed at "
        ),
        Row("by being empty", "a.json", "", as: json, gives: "s3://b/a.json: The JSON is malformed at byte 0 (item 0)"),
        Row(
            "by what stands in a line",
            "a.jsonl",
            "{\"a\": 1}\n{\"a\": \n",
            as: #""InputType": "JSONL""#,
            gives: "s3://b/a.jsonl: The JSONL is malformed at line 2"
        ),
        Row(
            "by a pointer that leads nowhere",
            "a.json",
            #"{"a": [1]}"#,
            as: json + #", "ItemsPointer": "/b""#,
            gives: "s3://b/a.json: The ItemsPointer '/b' leads to nothing."
        ),
        Row(
            "by being empty where it should be compressed",
            "a.jsonl.gz",
            "",
            as: #""InputType": "JSONL""#,
            gives: "s3://b/a.jsonl.gz: the GZIP data ends too early, at byte 0"
        ),
        Row(
            "by being a manifest of more than 16 MB",
            "manifest.json",
            bytes: Array(repeating: UInt8(ascii: " "), count: 16 << 20 | 1),
            as: #""InputType": "MANIFEST""#,
            gives: "s3://b/manifest.json: The manifest has 16777217 bytes, more than the 16777216 that it may have."
        ),
        Row("by not being there", "a.json", nil, as: json, gives: "s3://b/a.json: S3.NoSuchKeyException"),
        Row(
            "by their bucket not being there",
            "a.json",
            nil,
            as: json,
            in: "none",
            gives: "s3://none/a.json: S3.NoSuchBucketException"
        ),
        Row("by being Parquet", "a.parquet", "PAR1", as: #""InputType": "PARQUET""#, gives: "Parquet is not supported"),
    ]

    @Test("fails, and says where", arguments: rows)
    func reading(_ row: Row) async throws {
        let objects = try Folder()
        if let bytes = row.object { try objects.put(bytes, as: "b/\(row.key)") }
        let fixture = try await EngineFixture.make([:], settings: objects.settings)
        try await fixture.run { fixture in
            let end = try await fixture.end(of: try await fixture.start(Self.machine(row.bucket, row.key, row.format)))
            #expect(end.error == "States.ItemReaderFailed")
            #expect(end.cause?.hasPrefix(row.cause) == true, "\(end)")
        }
    }

    @Test(
        "fails where what says which objects is no text, rather than take others",
        arguments: [
            ("getObject", #""Bucket": "b", "Key": "a.json", "VersionId": 5"#, "ItemReader", "VersionId"),
            (
                "getObject", #""Bucket": "b", "Key": "a.json", "ExpectedBucketOwner": 1"#, "ItemReader",
                "ExpectedBucketOwner"
            ),
            ("listObjectsV2", #""Bucket": "b", "Prefix": 5"#, "ItemReader", "Prefix"),
            ("listObjectsV2", #""Bucket": "b", "Prefix": null"#, "ItemReader", "Prefix"),
            ("putObject", #""Bucket": "b", "Prefix": 5"#, "ResultWriter", "Prefix"),
            ("putObject", #""Bucket": "b", "ExpectedBucketOwner": 1"#, "ResultWriter", "ExpectedBucketOwner"),
        ]
    )
    func noText(action: String, parameters: String, field: String, member: String) async throws {
        let objects = try Folder()
        try objects.put(Array("[1]".utf8), as: "b/a.json")
        let fixture = try await EngineFixture.make([:], settings: objects.settings)
        try await fixture.run { fixture in
            let configuration = action == "getObject" ? #", "ReaderConfig": {"InputType": "JSON"}"# : ""
            let fields = """
                "\(field)": {"Resource": "arn:aws:states:::s3:\(action)", "Parameters": {\(parameters)}\(configuration)},
                """
            let end = try await fixture.end(of: try await fixture.start(Self.machine(fields: fields), input: "[1]"))
            #expect(end.error == "States.\(field)Failed")
            #expect(end.cause == "The \(field)'s '\(member)' must be a string.")
        }
    }

    @Test("says which of many objects it is that cannot be mapped over")
    func oneOfMany() async throws {
        let objects = try Folder()
        try objects.put(Array("[1]".utf8), as: "b/a.json")
        try objects.put(Array("{}".utf8), as: "b/c.json")
        let fixture = try await EngineFixture.make([:], settings: objects.settings)
        try await fixture.run { fixture in
            let reader = """
                "ItemReader": {"Resource": "arn:aws:states:::s3:listObjectsV2", "Parameters": {"Bucket": "b"},
                  "ReaderConfig": {"Transformation": "LOAD_AND_FLATTEN", "InputType": "JSON"}},
                """
            let end = try await fixture.end(of: try await fixture.start(Self.machine(fields: reader)))
            #expect(end.error == "States.ItemReaderFailed")
            #expect(end.cause == "s3://b/c.json: Attempting to map over non-iterable node.")
        }
    }

    @Test(
        "fails where what names its objects is another than what a worker before began to read",
        arguments: ["a.csv", "manifest.csv"]
    )
    func changed(key: String) async throws {
        let objects = try Folder()
        try objects.put(Array("id\n\((0..<20_000).map { "\($0)\n" }.joined())".utf8), as: "b/a.csv")
        try objects.put(Array("s3://b/a.csv\ns3://b/a.csv\n".utf8), as: "b/manifest.csv")
        let format = Self.csv + (key == "a.csv" ? "" : #", "ManifestType": "ATHENA_DATA""#)
        let calls = Mutex(0)
        let work: EngineFixture.Function = { item in
            calls.withLock { $0 += 1 }
            return item
        }
        let started = Mutex<ExecutionID?>(nil)
        let first = try await EngineFixture.make(["work": work], settings: objects.settings)
        try await first.run { fixture in
            let id = try await fixture.start(
                Self.machine("b", key, format, calls: "work", #""MaxConcurrency": 1,"#)
            )
            started.withLock { $0 = id }
            let deadline = ContinuousClock.now + .seconds(60)
            while calls.withLock({ $0 }) == 0, ContinuousClock.now < deadline {
                try await Task.sleep(for: .milliseconds(5))
            }
        }
        try objects.put(Array((key == "a.csv" ? "id\nother\n5\n6\n7\n" : "s3://b/a.csv\n").utf8), as: "b/\(key)")
        let id = try #require(started.withLock { $0 })
        let second = try await EngineFixture.make(["work": work], settings: objects.settings)
        try await second.run { fixture in
            let end = try await fixture.end(of: id)
            #expect(end.error == "States.ItemReaderFailed")
            #expect(end.cause?.hasPrefix("s3://b/\(key): S3.S3Exception") == true, "\(end)")
        }
    }

    @Test("fails where its results cannot be written", arguments: ["none", "file"])
    func writing(bucket: String) async throws {
        let objects = try Folder()
        try objects.put([], as: "file")
        let fixture = try await EngineFixture.make([:], settings: objects.settings)
        try await fixture.run { fixture in
            let writer = """
                "ResultWriter": {"Resource": "arn:aws:states:::s3:putObject", "Parameters": {"Bucket": "\(bucket)",
                  "Prefix": "p"}},
                """
            let id = try await fixture.start(Self.machine(fields: writer), input: "[1]")
            let end = try await fixture.end(of: id)
            #expect(end.error == "States.ResultWriterFailed")
            #expect(end.cause?.hasPrefix("s3://\(bucket)/p/") == true, "\(end)")
        }
    }

    private static func machine(
        _ bucket: String,
        _ key: String,
        _ format: String,
        calls function: String? = nil,
        _ fields: String = ""
    ) -> String {
        let reader = """
            "ItemReader": {"Resource": "arn:aws:states:::s3:getObject", "Parameters": {"Bucket": "\(bucket)", "Key": "\(key)"},
              "ReaderConfig": {\(format)}},
            """
        return machine(fields: reader + fields, calls: function)
    }

    private static func machine(fields: String, calls function: String? = nil) -> String {
        let state =
            function.map { #"{"Type": "Task", "Resource": "\#(EngineFixture.arn($0))", "End": true}"# }
            ?? #"{"Type": "Pass", "End": true}"#
        return """
            {"StartAt": "M", "States": {"M": {"Type": "Map", \(fields) "End": true, "ItemProcessor": {
                "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"},
                "StartAt": "X", "States": {"X": \(state)}}}}}
            """
    }

    /// A folder of objects with a bucket `b`.
    private struct Folder {
        let url = FileManager.default.temporaryDirectory.appendingPathComponent("braid-broken-\(UUID().uuidString)")

        init() throws {
            try FileManager.default.createDirectory(
                at: url.appendingPathComponent("b"),
                withIntermediateDirectories: true
            )
        }

        func put(_ bytes: [UInt8], as name: String) throws {
            try Data(bytes).write(to: url.appendingPathComponent(name))
        }

        var settings: EngineSettings {
            var settings = EngineSettings()
            settings.objects = DirectoryObjects(root: url.path)
            return settings
        }
    }
}
