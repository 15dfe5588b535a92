import JSON
import TestSupport
import Testing

@testable import API

@Suite("A state machine, to its clients", .database)
struct StateMachineOperationTests {
    let client = Client()

    @Test("is created once, however often the same is asked (recorded)")
    func idempotent() async throws {
        let made = try await client.createMachine()
        #expect(made.status == 200)
        #expect(made["stateMachineArn"]?.string == Requests.machine)
        #expect(made["creationDate"]?.number != nil)
        #expect(made.members.count == 2)
        #expect(try await client.createMachine("Orders", ["roleArn": "another"]).members == made.members)

        let changes: [JSONObject] = [
            ["definition": .string(" " + Requests.definition)], ["type": "EXPRESS"],
            ["tracingConfiguration": ["enabled": true]], ["encryptionConfiguration": ["type": "AWS_OWNED_KEY"]],
        ]
        for change in changes {
            let other = try await client.createMachine("Orders", change)
            #expect(other.error == "StateMachineAlreadyExists")
            #expect(other.message == "State Machine Already Exists: '\(Requests.machine)'")
        }
    }

    @Test("is described as AWS describes it (recorded)")
    func describe() async throws {
        let made = try await client.createMachine()
        let machine: JSONObject = ["stateMachineArn": .string(Requests.machine)]
        let expected: JSONObject = [
            "stateMachineArn": .string(Requests.machine), "name": "Orders", "status": "ACTIVE", "type": "STANDARD",
            "definition": .string(Requests.definition), "roleArn": "arn:aws:iam::1:role/r",
            "creationDate": try #require(made["creationDate"]),
            "loggingConfiguration": ["level": "OFF", "includeExecutionData": false],
            "tracingConfiguration": ["enabled": false],
        ]
        #expect(try await client.call("DescribeStateMachine", machine).members == expected)
        let metadata = try await client.call(
            "DescribeStateMachine",
            ["stateMachineArn": .string(Requests.machine), "includedData": "METADATA_ONLY"]
        )
        #expect(metadata["definition"] == "{}")
    }

    @Test("is not changed, deleted or started by the ARN of one of its Maps")
    func labelled() async throws {
        try await client.createMachine()
        let arn: JSONValue = .string(Requests.machine + "/Lines")
        for action in ["UpdateStateMachine", "DeleteStateMachine", "StartExecution", "ListExecutions"] {
            let answer = try await client.call(action, ["stateMachineArn": arn, "roleArn": "r"])
            #expect(answer.error == "ValidationException", "\(action)")
            #expect(answer["reason"] == "API_DOES_NOT_SUPPORT_LABELED_ARNS", "\(action)")
        }
        let machine = try await client.call("DescribeStateMachine", ["stateMachineArn": .string(Requests.machine)])
        #expect(machine["status"] == "ACTIVE")
        #expect(machine["roleArn"] == "arn:aws:iam::1:role/r")
    }

    @Test("is described with what a Map runs by the label of that Map, however deep it stands")
    func described() async throws {
        func map(_ processor: String, _ fields: String) -> String {
            #"{"StartAt":"M","States":{"M":{"Type":"Map",\#(fields)"ItemProcessor":\#(processor),"End":true}}}"#
        }
        let start = #""ExecutionType":"EXPRESS"},"StartAt":"P","States":{"P":{"Type":"Pass","End":true}}}"#
        let processor = #"{"ProcessorConfig":{"Mode":"DISTRIBUTED",\#(start)"#
        let inside = map(processor, #""Label":"Lines","#)
        let definition = #"{"StartAt":"Q","States":{"Q":{"Type":"Parallel","Branches":[\#(inside)],"End":true}}}"#
        try await client.createMachine("Orders", ["definition": .string(definition)])
        let arn = Requests.machine + "/Lines"
        let answer = try await client.call(
            "DescribeStateMachine",
            ["stateMachineArn": .string(arn), "includedData": "METADATA_ONLY"]
        )
        #expect(answer["stateMachineArn"]?.string == arn)
        #expect(answer["label"] == "Lines")
        #expect(answer["name"] == "Orders")
        #expect(answer["type"] == "EXPRESS")
        #expect(answer["definition"]?.string == processor)
        let other = try await client.call("DescribeStateMachine", ["stateMachineArn": .string(arn + "2")])
        #expect(other.error == "StateMachineDoesNotExist")
    }

    @Test(
        "that does not exist is said not to",
        arguments: ["Parcels", "Orders:1", "Orders:live"]
    )
    func missing(_ name: String) async throws {
        try await client.createMachine()
        let arn = "arn:aws:states:us-east-1:123456789012:stateMachine:\(name)"
        for action in ["DescribeStateMachine", "StartExecution", "ListExecutions", "UpdateStateMachine"] {
            let answer = try await client.call(action, ["stateMachineArn": .string(arn), "roleArn": "r"])
            #expect(answer.error == "StateMachineDoesNotExist")
            #expect(answer.message == "State Machine Does Not Exist: '\(arn)'")
            #expect(answer.status == 400)
        }
        let tags = try await client.call("ListTagsForResource", ["resourceArn": .string(arn)])
        #expect(tags.error == "ResourceNotFound")
        #expect(tags["resourceName"]?.string == arn)
        #expect(try await client.call("DeleteStateMachine", ["stateMachineArn": .string(arn)]).status == 200)
    }

    @Test("is not what an invalid ARN names (recorded)")
    func invalidARN() async throws {
        let answer = try await client.call("DescribeStateMachine", ["stateMachineArn": "not_a_valid_arn"])
        #expect(answer.error == "InvalidArn")
        #expect(answer.message == "Invalid Arn: 'Invalid ARN prefix: not_a_valid_arn'")
    }

    @Test("gets a revision with each change, and none where nothing changes (recorded)")
    func update() async throws {
        try await client.createMachine()
        let role = try await client.call(
            "UpdateStateMachine",
            ["stateMachineArn": .string(Requests.machine), "roleArn": "2"]
        )
        let revision = try #require(role["revisionId"]?.string)
        #expect(revision.count == 36)
        let same = try await client.call(
            "UpdateStateMachine",
            [
                "stateMachineArn": .string(Requests.machine), "roleArn": "2",
                "definition": .string(Requests.definition),
            ]
        )
        #expect(same.members == role.members)

        let described = try await client.call("DescribeStateMachine", ["stateMachineArn": .string(Requests.machine)])
        #expect(described["revisionId"]?.string == revision)
        #expect(described["roleArn"] == "2")

        let bad = try await client.call(
            "UpdateStateMachine",
            ["stateMachineArn": .string(Requests.machine), "definition": "{}"]
        )
        #expect(bad.error == "InvalidDefinition")
    }

    @Test("keeps every field of updates that come at once")
    func concurrentUpdates() async throws {
        try await client.createMachine()
        let updates: [JSONObject] = [
            ["stateMachineArn": .string(Requests.machine), "roleArn": "2"],
            ["stateMachineArn": .string(Requests.machine), "definition": .string(Requests.definition + " ")],
            ["stateMachineArn": .string(Requests.machine), "tracingConfiguration": ["enabled": true]],
        ]
        try await withThrowingTaskGroup(of: Int.self) { group in
            for update in updates { group.addTask { try await client.call("UpdateStateMachine", update).status } }
            for try await status in group { #expect(status == 200) }
        }
        let described = try await client.call("DescribeStateMachine", ["stateMachineArn": .string(Requests.machine)])
        #expect(described["roleArn"] == "2")
        #expect(described["definition"]?.string == Requests.definition + " ")
        #expect(described["tracingConfiguration"] == ["enabled": true])
    }

    @Test("is being deleted while it runs, and can be created again once it does not")
    func delete() async throws {
        try await client.createMachine()
        let machine: JSONObject = ["stateMachineArn": .string(Requests.machine)]
        let execution = try #require(try await client.call("StartExecution", machine)["executionArn"])
        #expect(try await client.call("DeleteStateMachine", machine).members.isEmpty)
        #expect(try await client.call("DescribeStateMachine", machine)["status"] == "DELETING")
        for answer in [
            try await client.createMachine(), try await client.call("StartExecution", machine),
            try await client.call(
                "UpdateStateMachine",
                ["stateMachineArn": .string(Requests.machine), "roleArn": "r"]
            ),
        ] {
            #expect(answer.error == "StateMachineDeleting")
            #expect(answer.message == "State Machine is being deleted: '\(Requests.machine)'")
        }
        #expect(try await client.call("StopExecution", ["executionArn": execution]).status == 200)
        #expect(try await client.createMachine().status == 200)
        #expect(try await client.call("DescribeExecution", ["executionArn": execution])["status"] == "ABORTED")
        let described = try await client.call("DescribeStateMachineForExecution", ["executionArn": execution])
        #expect(described["name"] == "Orders" && described["updateDate"] != nil)
    }

    @Test("is listed with the others, a page at a time, tokens good for that list only")
    func list() async throws {
        for name in ["c", "a", "b"] { try await client.createMachine(name) }
        let first = try await client.call("ListStateMachines", ["maxResults": 2])
        #expect(first["stateMachines"]?.array?.map { $0["name"] } == ["a", "b"])
        let token = try #require(first["nextToken"])
        let second = try await client.call("ListStateMachines", ["maxResults": 2, "nextToken": token])
        #expect(second["stateMachines"]?.array?.map { $0["name"] } == ["c"])
        #expect(second["nextToken"] == nil)
        #expect(try await client.call("ListStateMachines", ["nextToken": "AAAA"]).error == "InvalidToken")
        let other = try await client.call(
            "ListExecutions",
            ["stateMachineArn": "arn:aws:states:us-east-1:123456789012:stateMachine:a", "nextToken": token]
        )
        #expect(other.message == "Invalid Token: 'Invalid token'")
    }
}
