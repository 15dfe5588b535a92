import JSON
import TestSupport
import Testing

@testable import API

@Suite("An activity, to its clients", .database)
struct ActivityOperationTests {
    let client = Client()
    private let arn = "arn:aws:states:us-east-1:123456789012:activity:approve"

    @Test("is created once, described, and deleted as often as asked (recorded)")
    func lifecycle() async throws {
        let made = try await client.call("CreateActivity", ["name": "approve"])
        #expect(made["activityArn"]?.string == arn)
        #expect(made.members.count == 2 && made["creationDate"]?.number != nil)
        #expect(try await client.call("CreateActivity", ["name": "approve"]).members == made.members)
        let expected: JSONObject = [
            "activityArn": .string(arn), "name": "approve", "creationDate": try #require(made["creationDate"]),
            "encryptionConfiguration": ["type": "AWS_OWNED_KEY"],
        ]
        #expect(try await client.call("DescribeActivity", ["activityArn": .string(arn)]).members == expected)
        for _ in 0..<2 {
            let deleted = try await client.call("DeleteActivity", ["activityArn": .string(arn)])
            #expect(deleted.status == 200 && deleted.members.isEmpty)
        }
        let missing = try await client.call("DescribeActivity", ["activityArn": .string(arn)])
        #expect(missing.error == "ActivityDoesNotExist")
        #expect(missing.message == "Activity Does Not Exist: '\(arn)'")
    }

    @Test("is made once by requests that come at once")
    func together() async throws {
        let dates = try await withThrowingTaskGroup(of: JSONValue?.self) { group in
            for _ in 0..<4 {
                group.addTask { try await client.call("CreateActivity", ["name": "approve"])["creationDate"] }
            }
            return try await group.reduce(into: Set<JSONValue?>()) { $0.insert($1) }
        }
        #expect(dates.count == 1 && !dates.contains(nil))
    }

    @Test("is listed with the others by name, a page at a time")
    func list() async throws {
        for name in ["c", "a", "b"] { _ = try await client.call("CreateActivity", ["name": .string(name)]) }
        let first = try await client.call("ListActivities", ["maxResults": 2])
        #expect(first["activities"]?.array?.map { $0["name"] } == ["a", "b"])
        let second = try await client.call("ListActivities", ["nextToken": try #require(first["nextToken"])])
        #expect(second["activities"]?.array?.map { $0["name"] } == ["c"])
        #expect(second["nextToken"] == nil)
    }

    @Test("is not what an ARN of another kind names")
    func otherKind() async throws {
        let machine = try await client.call("DescribeActivity", ["activityArn": .string(Requests.machine)])
        #expect(machine.error == "InvalidArn")
        #expect(machine.message == "Invalid Arn: 'Resource type not valid in this context: stateMachine'")
        let foreign = "arn:aws:states:eu-west-1:123456789012:activity:approve"
        let other = try await client.call("DescribeActivity", ["activityArn": .string(foreign)])
        #expect(other.error == "ActivityDoesNotExist")
    }
}
