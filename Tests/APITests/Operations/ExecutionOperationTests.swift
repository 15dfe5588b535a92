import JSON
import TestSupport
import Testing

@testable import API

@Suite("An execution, to its clients", .database)
struct ExecutionOperationTests {
    let client = Client()

    private func start(_ members: JSONObject = [:]) async throws -> Client.Answer {
        var request: JSONObject = ["stateMachineArn": .string(Requests.machine)]
        for (name, value) in members { request[name] = value }
        return try await client.call("StartExecution", request)
    }

    @Test("is started once under its name while it runs with the same input (recorded)")
    func idempotent() async throws {
        try await client.createMachine()
        let request: JSONObject = ["name": "first", "input": #"{"a":  1.0}"#]
        let started = try await start(request)
        #expect(started["executionArn"]?.string == Requests.execution)
        #expect(started["startDate"]?.number?.spelling == "1700000000.250")
        #expect(try await start(request).members == started.members)

        let other = try await start(["name": "first", "input": "{}"])
        #expect(other.error == "ExecutionAlreadyExists")
        #expect(other.message == "Execution Already Exists: '\(Requests.execution)'")

        _ = try await client.call("StopExecution", ["executionArn": .string(Requests.execution)])
        #expect(try await start(request).error == "ExecutionAlreadyExists")
    }

    @Test("has its id for a name where it was given none, and {} for an input (recorded)")
    func unnamed() async throws {
        try await client.createMachine()
        let arn = try #require(try await start()["executionArn"])
        let described = try await client.call("DescribeExecution", ["executionArn": arn])
        let name = try #require(described["name"]?.string)
        #expect(arn.string == "arn:aws:states:us-east-1:123456789012:execution:Orders:\(name)")
        #expect(
            described.members == [
                "executionArn": arn, "stateMachineArn": .string(Requests.machine), "name": .string(name),
                "status": "RUNNING",
                "startDate": try #require(JSONNumber(spelling: "1700000000.250").map { .number($0) }),
                "redriveCount": 0, "input": "{}", "inputDetails": ["included": true],
                "redriveStatus": "NOT_REDRIVABLE",
                "redriveStatusReason": "Execution is RUNNING and cannot be redriven",
            ]
        )
    }

    @Test("keeps its input to the letter, and shows it only with data")
    func data() async throws {
        try await client.createMachine()
        let input = #"{"b": [1,  2.0], "a": "\u00e9\u0000"}"#
        let arn = try #require(try await start(["input": .string(input), "traceHeader": "Root=1"])["executionArn"])
        let described = try await client.call("DescribeExecution", ["executionArn": arn])
        #expect(described["input"]?.string == input)
        #expect(described["traceHeader"] == "Root=1")
        let metadata = try await client.call(
            "DescribeExecution",
            ["executionArn": arn, "includedData": "METADATA_ONLY"]
        )
        #expect(metadata["input"] == nil)
        #expect(metadata["inputDetails"] == ["included": false])
    }

    @Test("is stopped with an error and a cause, once")
    func stop() async throws {
        try await client.createMachine()
        let arn = try #require(try await start()["executionArn"])
        let stopped = try await client.call("StopExecution", ["executionArn": arn, "error": "E", "cause": "C"])
        #expect(
            stopped.members == ["stopDate": try #require(JSONNumber(spelling: "1700000001.500").map { .number($0) })]
        )
        #expect(try await client.call("StopExecution", ["executionArn": arn]).members == stopped.members)
        let described = try await client.call("DescribeExecution", ["executionArn": arn])
        #expect(described["status"] == "ABORTED" && described["error"] == "E" && described["cause"] == "C")
        #expect(described["redriveStatus"] == "REDRIVABLE")
    }

    @Test("that does not exist is said not to", arguments: ["Orders:second", "Parcels:first", "Orders/L:first"])
    func missing(_ name: String) async throws {
        try await client.createMachine()
        _ = try await start(["name": "first"])
        let arn = "arn:aws:states:us-east-1:123456789012:execution:\(name)"
        let actions = [
            "DescribeExecution", "StopExecution", "GetExecutionHistory", "DescribeStateMachineForExecution",
        ]
        for action in actions {
            let answer = try await client.call(action, ["executionArn": .string(arn)])
            #expect(answer.error == "ExecutionDoesNotExist")
            #expect(answer.message == "Execution Does Not Exist: '\(arn)'")
        }
        let express = try await client.call(
            "DescribeExecution",
            ["executionArn": "arn:aws:states:us-east-1:123456789012:express:Orders:a:b"]
        )
        #expect(express.message == "Invalid Arn: 'Resource type not valid in this context: express'")
    }

    @Test("is listed newest first, filtered by status, a page at a time")
    func list() async throws {
        try await client.createMachine()
        var arns: [JSONValue] = []
        for _ in 0..<5 { arns.append(try #require(try await start()["executionArn"])) }
        _ = try await client.call("StopExecution", ["executionArn": arns[2]])

        var seen: [JSONValue] = []
        var request: JSONObject = ["stateMachineArn": .string(Requests.machine), "maxResults": 2]
        repeat {
            let page = try await client.call("ListExecutions", request)
            seen += try #require(page["executions"]?.array).compactMap { $0["executionArn"] }
            request["nextToken"] = page["nextToken"]
        } while request["nextToken"] != nil
        #expect(seen.count == 5 && Set(seen) == Set(arns))

        let aborted = try await client.call(
            "ListExecutions",
            ["stateMachineArn": .string(Requests.machine), "statusFilter": "ABORTED"]
        )
        #expect(aborted["executions"]?.array?.compactMap { $0["executionArn"] } == [arns[2]])
        #expect(
            aborted["executions"]?[0]?.object?.keys.sorted() == [
                "executionArn", "name", "redriveCount", "startDate", "stateMachineArn", "status", "stopDate",
            ]
        )
    }

    @Test("of an Express state machine is not listed")
    func express() async throws {
        try await client.createMachine("Orders", ["type": "EXPRESS"])
        let list = try await client.call("ListExecutions", ["stateMachineArn": .string(Requests.machine)])
        #expect(list.message == "This operation is not supported by this type of state machine")
    }

    @Test("of a labelled machine cannot be started")
    func labelled() async throws {
        let answer = try await start(["stateMachineArn": .string(Requests.machine + "/Lines")])
        #expect(answer.error == "ValidationException")
        #expect(answer["reason"] == "API_DOES_NOT_SUPPORT_LABELED_ARNS")
    }

    @Test("has a history, whose tokens belong to its direction")
    func history() async throws {
        try await client.createMachine()
        let arn = try #require(try await start(["input": "[7]"])["executionArn"])
        let history = try await client.call("GetExecutionHistory", ["executionArn": arn])
        let event = try #require(history["events"]?[0])
        #expect(history["nextToken"] == nil)
        #expect(event["type"] == "ExecutionStarted" && event["id"] == 1 && event["previousEventId"] == 0)
        #expect(
            event["executionStartedEventDetails"] == [
                "input": "[7]", "inputDetails": ["truncated": false], "roleArn": "r",
            ]
        )
        let forward = PagedList("GetExecutionHistory", arn.string ?? "", "forward").token(at: "1")
        let request: JSONObject = ["executionArn": arn, "nextToken": .string(forward)]
        #expect(try await client.call("GetExecutionHistory", request)["events"]?.array?.count == 1)
        let back: JSONObject = ["executionArn": arn, "nextToken": .string(forward), "reverseOrder": true]
        #expect(try await client.call("GetExecutionHistory", back).error == "InvalidToken")
    }
}
