import Engine
import Interpreter
import JSON
import Objects
import StatesLanguage
import Tasks
import Testing

/// Source: recorded test_aws_sdk_task_service.py, test_aws_sdk.py; "Amazon S3 API Reference".
@Suite("Tasks that call S3")
struct ObjectTasksTests {
    /// A store with the bucket `b` and some objects in it.
    let folder: TemporaryFolder
    private let driver: TaskDriver

    init() throws {
        folder = try TemporaryFolder(["b/.keep/x": "", "b/a.txt": "0123456789"])
        driver = ObjectTasks(store: DirectoryObjects(root: folder.path), resultBytes: 1_000).driver
    }

    private func perform(_ action: String, _ input: JSONValue) async throws -> TaskDriver.Outcome {
        let resource = try #require(Resource(parsing: "arn:aws:states:::aws-sdk:s3:\(action)"))
        #expect(resource.hasDriver && driver.serves(resource.lane) && driver.lanes().contains(resource.lane))
        let request = TaskRequest(state: "S", resource: resource, input: JSONText(input))
        return await driver.perform(TaskDriver.Attempt(request: request, requestID: "r", execution: "e"))
    }

    private func result(_ action: String, _ input: JSONValue) async throws -> JSONValue {
        switch try await perform(action, input) {
        case .succeeded(let result): return result.value
        case let outcome:
            Issue.record("\(outcome)")
            return .null
        }
    }

    private func failure(_ action: String, _ input: JSONValue) async throws -> Failure {
        guard case .failed(let failure) = try await perform(action, input) else {
            Issue.record("no failure")
            return Failure(error: "", cause: "")
        }
        return failure
    }

    @Test("get an object as text, with what S3 says of it")
    func get() async throws {
        let result = try await result("getObject", ["Bucket": "b", "Key": "a.txt"])
        let object = try #require(result.object)
        #expect(
            object.keys == [
                "AcceptRanges", "Body", "ContentLength", "ContentType", "ETag", "LastModified", "Metadata",
                "ServerSideEncryption",
            ]
        )
        #expect(result["Body"] == "0123456789")
        #expect(result["ContentLength"] == 10)
        #expect(result["ContentType"] == "binary/octet-stream")
        #expect(result["ETag"] == "\"781e5e245d69b566979b86e28d23f2c7\"")
        #expect(result["LastModified"]?.string.flatMap { Timestamp(rfc3339: $0) } != nil)
    }

    @Test(
        "get a range of an object",
        arguments: [
            ("bytes=0-3", "0123", "bytes 0-3/10"), ("bytes=8-", "89", "bytes 8-9/10"),
            ("bytes=-1", "9", "bytes 9-9/10"), ("bytes=5-99", "56789", "bytes 5-9/10"),
            ("lines=1-2", "0123456789", nil),
        ]
    )
    func range(_ range: String, _ body: String, _ told: String?) async throws {
        let result = try await result("getObject", ["Bucket": "b", "Key": "a.txt", "Range": .string(range)])
        #expect(result["Body"]?.string == body)
        #expect(result["ContentLength"]?.int == body.utf8.count)
        #expect(result["ContentRange"]?.string == told)
        #expect(
            try await failure("getObject", ["Bucket": "b", "Key": "a.txt", "Range": "bytes=10-"]).error
                == "S3.S3Exception"
        )
    }

    @Test("read no more of a long object than shows that it is too long")
    func long() async throws {
        try folder.write(String(repeating: "x", count: 5_000), to: "b/long")
        let result = try await result("getObject", ["Bucket": "b", "Key": "long"])
        #expect(result["Body"]?.string?.utf8.count == 1_001)
        #expect(result["ContentLength"] == 5_000)
    }

    @Test(
        "put a body as the JSON that it is",
        arguments: [
            ("text data", "\"text data\""), (true, "true"), (["List", "Data"], "[\"List\",\"Data\"]"), (nil, ""),
        ] as [(JSONValue?, String)]
    )
    func put(_ body: JSONValue?, _ content: String) async throws {
        var input: JSONObject = ["Bucket": "b", "Key": "new/file", "Metadata": ["Owner": "me"]]
        input["Body"] = body
        let result = try await result("putObject", .object(input))
        #expect(folder.read("b/new/file") == content)
        #expect(
            try #require(result.object).keys == ["ChecksumCRC32", "ChecksumType", "ETag", "ServerSideEncryption"]
        )
        let head = try await self.result("headObject", ["Bucket": "b", "Key": "new/file"])
        #expect(head["ETag"] == result["ETag"])
        #expect(head["Body"] == nil)
    }

    @Test("remove an object, and one that is not there")
    func delete() async throws {
        for _ in 0..<2 { #expect(try await result("deleteObject", ["Bucket": "b", "Key": "a.txt"]) == [:]) }
        #expect(folder.read("b/a.txt") == nil)
    }

    @Test("list page by page, folders by their delimiter", arguments: [1, 2, 3, 1_000])
    func list(pageSize: Int) async throws {
        for name in ["d/1", "d/2", "e", "f/g/1", "f/h", "z"] { try folder.write("x", to: "c/\(name)") }
        for (input, keys) in [
            (["Bucket": "c"], ["d/1", "d/2", "e", "f/g/1", "f/h", "z"]),
            (["Bucket": "c", "Delimiter": "/"], ["d/", "e", "f/", "z"]),
            (["Bucket": "c", "Delimiter": "/", "Prefix": "f/"], ["f/g/", "f/h"]),
            (["Bucket": "c", "Prefix": "d"], ["d/1", "d/2"]), (["Bucket": "c", "StartAfter": "f/g/1"], ["f/h", "z"]),
        ] as [(JSONObject, [String])] {
            var found: [String] = []
            var request = input
            request["MaxKeys"] = .number(JSONNumber(pageSize))
            var pages = 0
            while pages < 10 {
                pages += 1
                let page = try await result("listObjectsV2", .object(request))
                let contents = try #require(page["Contents"]?.array).compactMap { $0["Key"]?.string }
                let prefixes = try #require(page["CommonPrefixes"]?.array).compactMap { $0["Prefix"]?.string }
                #expect(page["KeyCount"]?.int == contents.count + prefixes.count)
                found += contents + prefixes
                #expect(page["IsTruncated"]?.bool == (page["NextContinuationToken"] != nil))
                guard let token = page["NextContinuationToken"] else { break }
                request["ContinuationToken"] = token
            }
            #expect(found.sorted() == keys, "\(input)")
        }
        let first = try await result("listObjects", ["Bucket": "c", "Delimiter": "/", "MaxKeys": 1])
        #expect(first["NextMarker"] != nil)
        #expect(try await result("listObjects", ["Bucket": "c", "Marker": "f/h"])["Contents"]?.array?.count == 1)
    }

    @Test("fail as AWS's SDK has it where something is missing")
    func failures() async throws {
        let key = try await failure("getObject", ["Bucket": "b", "Key": "none"])
        #expect(key.error == "S3.NoSuchKeyException")
        #expect(
            key.cause
                == "The specified key does not exist. (Service: S3, Status Code: 404, Request ID: r, Extended Request ID: r)"
        )
        for action in ["getObject", "headObject", "putObject", "deleteObject"] {
            #expect(try await failure(action, ["Bucket": "x", "Key": "y"]).error == "S3.NoSuchBucketException")
        }
        #expect(try await failure("listObjects", ["Bucket": "x"]).error == "S3.NoSuchBucketException")
    }

    @Test("refuse parameters that are not the action's, and tell which")
    func parameters() async throws {
        for (action, input, reason) in [
            ("getObject", ["Bucket": "b"], "The field 'Key' is required but was missing"),
            ("getObject", ["Bucket": 1, "Key": "k"], "The value for the field 'Bucket' must be a STRING"),
            (
                "putObject", ["Bucket": "b", "Key": "k", "Colour": "red"],
                "The field \"Colour\" is not supported by Step Functions"
            ),
            ("listObjectsV2", ["Bucket": "b", "MaxKeys": -1], "The value for the field 'MaxKeys' must be an INTEGER"),
        ] as [(String, JSONValue, String)] {
            let failure = try await failure(action, input)
            #expect(failure.error == "States.Runtime")
            #expect(failure.cause?.contains(reason) == true, "\(failure)")
        }
    }
}
