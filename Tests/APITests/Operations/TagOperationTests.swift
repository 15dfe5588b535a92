import JSON
import TestSupport
import Testing

@testable import API

@Suite("The tags of a resource", .database)
struct TagOperationTests {
    let client = Client()
    private static let activity = "arn:aws:states:us-east-1:123456789012:activity:approve"

    private func tags(of arn: String) async throws -> JSONValue? {
        try await client.call("ListTagsForResource", ["resourceArn": .string(arn)])["tags"]
    }

    @Test("are added, replaced by key, and taken away (recorded)", arguments: [Requests.machine, Self.activity])
    func lifecycle(_ arn: String) async throws {
        try await client.createMachine()
        _ = try await client.call("CreateActivity", ["name": "approve"])
        #expect(try await tags(of: arn) == [])
        let added = try await client.call(
            "TagResource",
            [
                "resourceArn": .string(arn),
                "tags": [
                    ["key": "b", "value": "1"], ["key": "a", "value": "ä\"'"], ["key": "b", "value": "2"], ["key": "c"],
                ],
            ]
        )
        #expect(added.status == 200 && added.members.isEmpty)
        let all: JSONValue = [
            ["key": "a", "value": "ä\"'"], ["key": "b", "value": "2"], ["key": "c", "value": ""],
        ]
        #expect(try await tags(of: arn) == all)
        let none = try await client.call("UntagResource", ["resourceArn": .string(arn), "tagKeys": []])
        #expect(none.status == 200)
        _ = try await client.call("UntagResource", ["resourceArn": .string(arn), "tagKeys": ["a", "c", "none"]])
        #expect(try await tags(of: arn) == [["key": "b", "value": "2"]])
    }

    @Test("come with it where it is created with them, and are not what makes it another")
    func created() async throws {
        let tag: JSONValue = [["key": "team", "value": "x"]]
        #expect(try await client.createMachine("Orders", ["tags": tag]).status == 200)
        #expect(try await client.createMachine("Orders").status == 200)
        #expect(try await tags(of: Requests.machine) == tag)
        _ = try await client.call("CreateActivity", ["name": "approve", "tags": tag])
        #expect(try await tags(of: Self.activity) == tag)
    }

    @Test("are 50 at most, counted with those that it has")
    func limit() async throws {
        try await client.createMachine()
        func tags(_ range: Range<Int>) -> JSONValue {
            .array(range.map { ["key": .string("k\($0)"), "value": "v"] })
        }
        let first = try await client.call(
            "TagResource",
            ["resourceArn": .string(Requests.machine), "tags": tags(0..<49)]
        )
        #expect(first.status == 200)
        let beyond = try await client.call(
            "TagResource",
            ["resourceArn": .string(Requests.machine), "tags": tags(48..<51)]
        )
        #expect(beyond.error == "TooManyTags" && beyond["resourceName"]?.string == Requests.machine)
        #expect(try await self.tags(of: Requests.machine)?.array?.count == 49)
        #expect(try await client.createMachine("Other", ["tags": tags(0..<51)]).error == "TooManyTags")
    }

    @Test(
        "are none where there is no such resource",
        arguments: [
            "stateMachine:Parcels", "stateMachine:Orders:1", "stateMachine:Orders:live", "stateMachine:Orders/Lines",
            "activity:none",
        ]
    )
    func missing(_ name: String) async throws {
        try await client.createMachine("Orders", ["publish": true])
        let arn = "arn:aws:states:us-east-1:123456789012:\(name)"
        for (action, more): (String, JSONObject) in [
            ("TagResource", ["tags": []]), ("UntagResource", ["tagKeys": []]), ("ListTagsForResource", [:]),
        ] {
            var members: JSONObject = ["resourceArn": .string(arn)]
            for (name, value) in more { members[name] = value }
            let answer = try await client.call(action, members)
            #expect(answer.error == "ResourceNotFound")
            #expect(answer.message == "Resource not found: '\(arn)'")
        }
    }
}
