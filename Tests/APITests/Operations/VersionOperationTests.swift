import JSON
import TestSupport
import Testing

@testable import API

@Suite("A version of a state machine, to its clients", .database)
struct VersionOperationTests {
    let client = Client()
    private let machine: JSONObject = ["stateMachineArn": .string(Requests.machine)]

    private func update(_ role: String, _ changes: JSONObject = [:]) async throws -> Client.Answer {
        var members: JSONObject = ["stateMachineArn": .string(Requests.machine), "roleArn": .string(role)]
        for (name, value) in changes { members[name] = value }
        return try await client.call("UpdateStateMachine", members)
    }

    private func version(_ number: Int) -> JSONValue { .string("\(Requests.machine):\(number)") }

    private func published(_ members: JSONObject = [:]) async throws -> Client.Answer {
        var all = machine
        for (name, value) in members { all[name] = value }
        return try await client.call("PublishStateMachineVersion", all)
    }

    @Test("is published once a revision, by whichever operation (recorded)")
    func publish() async throws {
        try await client.createMachine()
        #expect(try await update("arn:aws:iam::1:role/r", ["publish": true])["stateMachineVersionArn"] == version(1))
        #expect(try await published(["description": "other"])["stateMachineVersionArn"] == version(1))
        #expect(try await update("2", ["publish": true])["stateMachineVersionArn"] == version(2))
        let third = try #require(try await update("3")["revisionId"]?.string)
        #expect(try await published(["revisionId": .string(third)])["stateMachineVersionArn"] == version(3))

        let list = try await client.call("ListStateMachineVersions", machine)
        #expect(
            list["stateMachineVersions"]?.array?.map { $0["stateMachineVersionArn"] } == [
                version(3), version(2), version(1),
            ]
        )
        let stale = try await published(["revisionId": "INITIAL"])
        #expect(stale.error == "ConflictException")
        #expect(
            stale.message
                == "Failed to publish the State Machine version for revision INITIAL. The current State Machine revision is \(third)."
        )
    }

    @Test("is published once where many publish at once, without a gap in numbers")
    func together() async throws {
        try await client.createMachine()
        for round in 1...3 {
            _ = try await update("\(round)")
            let versions = try await withThrowingTaskGroup(of: JSONValue?.self) { group in
                for _ in 0..<6 { group.addTask { try await published()["stateMachineVersionArn"] } }
                return try await group.reduce(into: Set<JSONValue?>()) { $0.insert($1) }
            }
            #expect(versions == [version(round)])
        }
    }

    @Test("comes with its machine, and the same request again finds it")
    func create() async throws {
        let request: JSONObject = ["publish": true, "versionDescription": "first"]
        let made = try await client.createMachine("Orders", request)
        #expect(made["stateMachineVersionArn"] == version(1))
        #expect(try await client.createMachine("Orders", request).members == made.members)
        let other = try await client.createMachine("Orders", ["publish": true, "versionDescription": "second"])
        #expect(other.error == "StateMachineAlreadyExists")
    }

    @Test("is described as what it was published as, whatever became of its machine (recorded)")
    func describe() async throws {
        try await client.createMachine("Orders", ["publish": true, "versionDescription": "first"])
        _ = try await update("2", ["publish": true])
        let first = try await client.call("DescribeStateMachine", ["stateMachineArn": version(1)])
        #expect(first["stateMachineArn"] == version(1))
        #expect(first["roleArn"] == "arn:aws:iam::1:role/r" && first["description"] == "first")
        #expect(first["name"] == "Orders" && first["status"] == "ACTIVE" && first["revisionId"] == nil)
        let second = try await client.call("DescribeStateMachine", ["stateMachineArn": version(2)])
        #expect(second["roleArn"] == "2" && second["description"] == nil && second["revisionId"] != nil)
        let now = try await client.call("DescribeStateMachine", machine)
        #expect(now["stateMachineArn"]?.string == Requests.machine && now["description"] == nil)
    }

    @Test("is started by its ARN, and its executions say so and are listed")
    func start() async throws {
        try await client.createMachine("Orders", ["publish": true])
        _ = try await update("2", ["publish": true])
        let started = try await client.call("StartExecution", ["stateMachineArn": version(1)])
        let execution: JSONObject = ["executionArn": try #require(started["executionArn"])]
        _ = try await client.call("StartExecution", machine)
        let described = try await client.call("DescribeExecution", execution)
        #expect(described["stateMachineArn"]?.string == Requests.machine)
        #expect(described["stateMachineVersionArn"] == version(1) && described["stateMachineAliasArn"] == nil)
        let revision = try await client.call("DescribeStateMachineForExecution", execution)
        #expect(revision["stateMachineArn"]?.string == Requests.machine)
        #expect(revision["roleArn"] == "arn:aws:iam::1:role/r")

        let all = try await client.call("ListExecutions", machine)
        #expect(all["executions"]?.array?.count == 2)
        let own = try await client.call("ListExecutions", ["stateMachineArn": version(1), "statusFilter": "RUNNING"])
        #expect(own["executions"]?.array?.map { $0["executionArn"] } == [started["executionArn"]])
        #expect(own["executions"]?.array?.first?["stateMachineVersionArn"] == version(1))
        let others = try await client.call("ListExecutions", ["stateMachineArn": version(2)])
        #expect(others.members == ["executions": []])
    }

    @Test("gives its number to no other when it is deleted (recorded)")
    func delete() async throws {
        try await client.createMachine("Orders", ["publish": true])
        for _ in 0..<2 {
            let answer = try await client.call("DeleteStateMachineVersion", ["stateMachineVersionArn": version(1)])
            #expect(answer.status == 200 && answer.members.isEmpty)
        }
        let missing = try await client.call("StartExecution", ["stateMachineArn": version(1)])
        #expect(missing.error == "StateMachineDoesNotExist")
        #expect(try await published()["stateMachineVersionArn"] == version(2))
    }

    @Test("ends with its machine, and does not come back with one of the same name")
    func deletedMachine() async throws {
        try await client.createMachine("Orders", ["publish": true])
        _ = try await client.call("DeleteStateMachine", machine)
        try await client.createMachine()
        #expect(try await client.call("ListStateMachineVersions", machine).members == ["stateMachineVersions": []])
        #expect(try await published()["stateMachineVersionArn"] == version(1))
    }

    @Test("is no number that was never published", arguments: ["2", "0", "01", "99999999999"])
    func noNumber(_ number: String) async throws {
        try await client.createMachine("Orders", ["publish": true])
        let arn: JSONValue = .string("\(Requests.machine):\(number)")
        let missing = try await client.call("DescribeStateMachine", ["stateMachineArn": arn])
        #expect(missing.error == "StateMachineDoesNotExist")
        let deleted = try await client.call("DeleteStateMachineVersion", ["stateMachineVersionArn": arn])
        #expect(deleted.status == 200)
    }
}
