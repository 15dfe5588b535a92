import JSON
import Store
import TestSupport
import Testing

@testable import API

@Suite("An alias of a state machine, to its clients", .database)
struct AliasOperationTests {
    let client = Client()
    private static let alias = "\(Requests.machine):live"

    /// A machine with two versions.
    private func makeMachine() async throws {
        try await client.createMachine("Orders", ["publish": true])
        let update: JSONObject = ["stateMachineArn": .string(Requests.machine), "roleArn": "2", "publish": true]
        _ = try await client.call("UpdateStateMachine", update)
    }

    static func routes(_ weights: (version: Int, weight: Int)...) -> JSONValue {
        .array(
            weights.map { route in
                [
                    "stateMachineVersionArn": .string("\(Requests.machine):\(route.version)"),
                    "weight": .number(JSONNumber(route.weight)),
                ]
            }
        )
    }

    private func create(_ routes: JSONValue, _ name: String = "live") async throws -> Client.Answer {
        try await client.call(
            "CreateStateMachineAlias",
            ["name": .string(name), "description": "d", "routingConfiguration": routes]
        )
    }

    @Test("is created once, and not twice with different routes (recorded)")
    func create() async throws {
        try await makeMachine()
        let made = try await create(Self.routes((1, 100)))
        #expect(made["stateMachineAliasArn"]?.string == Self.alias && made["creationDate"] != nil)
        #expect(try await create(Self.routes((1, 100))).members == made.members)
        let other = try await create(Self.routes((1, 50), (2, 50)))
        #expect(other.error == "ConflictException")
        #expect(
            other.message
                == "Failed to create alias because an alias with the same name and a different routing configuration already exists."
        )
        let missing = try await create(Self.routes((3, 100)), "next")
        #expect(missing.error == "ResourceNotFound" && missing["resourceName"]?.string == "\(Requests.machine):3")
    }

    @Test("is described, changed and deleted")
    func lifecycle() async throws {
        try await makeMachine()
        let made = try await create(Self.routes((1, 70), (2, 30)))
        let alias: JSONObject = ["stateMachineAliasArn": .string(Self.alias)]
        let expected: JSONObject = [
            "stateMachineAliasArn": .string(Self.alias), "name": "live", "description": "d",
            "routingConfiguration": Self.routes((1, 70), (2, 30)),
            "creationDate": try #require(made["creationDate"]), "updateDate": try #require(made["creationDate"]),
        ]
        #expect(try await client.call("DescribeStateMachineAlias", alias).members == expected)

        var change = alias
        change["routingConfiguration"] = Self.routes((2, 100))
        let changed = try await client.call("UpdateStateMachineAlias", change)
        #expect(changed.status == 200)
        #expect(try await client.call("UpdateStateMachineAlias", change).members == changed.members)
        change["routingConfiguration"] = nil
        change["description"] = "other"
        _ = try await client.call("UpdateStateMachineAlias", change)
        let described = try await client.call("DescribeStateMachineAlias", alias)
        #expect(described["description"] == "other")
        #expect(described["routingConfiguration"] == Self.routes((2, 100)))
        let nothing = try await client.call("UpdateStateMachineAlias", alias)
        #expect(nothing.error == "ValidationException" && nothing["reason"] == "MISSING_REQUIRED_PARAMETER")

        #expect(try await client.call("DeleteStateMachineAlias", alias).members.isEmpty)
        for action in ["DeleteStateMachineAlias", "DescribeStateMachineAlias"] {
            #expect(try await client.call(action, alias).error == "ResourceNotFound")
        }
    }

    @Test("keeps its versions, and ends with its machine (recorded)")
    func keepsVersions() async throws {
        try await makeMachine()
        _ = try await create(Self.routes((1, 100)))
        _ = try await create(Self.routes((2, 50), (1, 50)), "both")
        let kept = try await client.call(
            "DeleteStateMachineVersion",
            ["stateMachineVersionArn": .string("\(Requests.machine):1")]
        )
        #expect(kept.error == "ConflictException")
        #expect(
            kept.message
                == "Version to be deleted must not be referenced by an alias. Current list of aliases referencing this version: [both, live]"
        )
        let machine: JSONObject = ["stateMachineArn": .string(Requests.machine)]
        #expect(try await client.call("DeleteStateMachine", machine).status == 200)
        try await client.createMachine()
        #expect(try await client.call("ListStateMachineAliases", machine).members == ["stateMachineAliases": []])
    }

    @Test("starts executions of its versions, which say so and are listed")
    func start() async throws {
        try await makeMachine()
        _ = try await create(Self.routes((1, 0), (2, 100)))
        let started = try await client.call("StartExecution", ["stateMachineArn": .string(Self.alias)])
        let described = try await client.call(
            "DescribeExecution",
            ["executionArn": try #require(started["executionArn"])]
        )
        #expect(described["stateMachineAliasArn"]?.string == Self.alias)
        #expect(described["stateMachineVersionArn"]?.string == "\(Requests.machine):2")
        for arn in [Self.alias, "\(Requests.machine):2"] {
            let list = try await client.call("ListExecutions", ["stateMachineArn": .string(arn)])
            #expect(list["executions"]?.array?.map { $0["executionArn"] } == [started["executionArn"]])
            #expect(list["executions"]?.array?.first?["stateMachineAliasArn"]?.string == Self.alias)
        }
    }

    @Test("is listed by name, a page at a time, or by the version that it names")
    func list() async throws {
        try await makeMachine()
        for name in ["c", "a", "b"] { _ = try await create(Self.routes((name == "b" ? 2 : 1, 100)), name) }
        func names(_ answer: Client.Answer) -> [String] {
            let aliases = answer["stateMachineAliases"]?.array ?? []
            return aliases.compactMap { $0["stateMachineAliasArn"]?.string?.split(separator: ":").last.map { "\($0)" } }
        }
        let machine: JSONObject = ["stateMachineArn": .string(Requests.machine), "maxResults": 2]
        let first = try await client.call("ListStateMachineAliases", machine)
        #expect(names(first) == ["a", "b"])
        var next = machine
        next["nextToken"] = first["nextToken"]
        #expect(names(try await client.call("ListStateMachineAliases", next)) == ["c"])
        let version: JSONObject = ["stateMachineArn": .string("\(Requests.machine):1")]
        #expect(names(try await client.call("ListStateMachineAliases", version)) == ["a", "c"])
    }
}

@Suite("A routing configuration")
struct RoutingConfigurationTests {
    struct Row: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let routes: JSONValue
        let message: String
    }

    private static let machine = Requests.machine

    static let rows = [
        Row(
            testDescription: "names no machine instead of a version (recorded)",
            routes: [["stateMachineVersionArn": .string(machine), "weight": 100]],
            message: "Routing configuration must contain state machine version ARNs. Received: [\(machine)]"
        ),
        Row(
            testDescription: "sums up to 100 (recorded)",
            routes: AliasOperationTests.routes((1, 70), (2, 29)),
            message: "Sum of routing configuration weights must equal 100. Received: [70, 29]"
        ),
        Row(
            testDescription: "names no version twice (recorded)",
            routes: AliasOperationTests.routes((1, 50), (1, 50)),
            message:
                "Routing configuration must contain distinct state machine version ARNs. Received: [\(machine):1, \(machine):1]"
        ),
        Row(
            testDescription: "is not empty",
            routes: [],
            message:
                "1 validation error detected: Value '[]' at 'routingConfiguration' failed to satisfy constraint: Member must have length greater than or equal to 1"
        ),
        Row(
            testDescription: "has no weight beyond 100",
            routes: AliasOperationTests.routes((1, 101)),
            message:
                "1 validation error detected: Value '101' at 'routingConfiguration.1.member.weight' failed to satisfy constraint: Member must have value less than or equal to 100"
        ),
    ]

    @Test("is refused in AWS's words", arguments: rows)
    func refused(_ row: Row) {
        let error = Requests.refusal(
            of: "CreateStateMachineAlias",
            ["name": "live", "routingConfiguration": row.routes]
        )
        #expect(error?.name == "ValidationException")
        #expect(error?.message == row.message)
    }

    @Test(
        "is of an alias whose name is no number (recorded)",
        arguments: ["123", "INVALID ALIAS", "!INVALID", "ALIAS@", "ä"]
    )
    func name(_ name: String) {
        let error = Requests.refusal(
            of: "CreateStateMachineAlias",
            ["name": .string(name), "routingConfiguration": AliasOperationTests.routes((1, 100))]
        )
        #expect(
            error?.message
                == #"1 validation error detected: Value '\#(name)' at 'name' failed to satisfy constraint: Member must satisfy regular expression pattern: ^(?=.*[a-zA-Z_\-\.])[a-zA-Z0-9_\-\.]+$"#
        )
    }

    @Test("divides starts by its weights")
    func division() {
        /// Draws evenly.
        struct Counter: RandomNumberGenerator {
            var state: UInt64 = 0
            mutating func next() -> UInt64 {
                state &+= 0x9E37_79B9_7F4A_7C15
                return state
            }
        }
        var generator = Counter()
        let content = AliasContent(routes: [AliasRoute(version: 1, weight: 70), AliasRoute(version: 2, weight: 30)])
        let chosen = (0..<10_000).map { _ in content.route(using: &generator)?.version }
        #expect(abs(chosen.count { $0 == 1 } - 7_000) < 100)
        let none = AliasContent(routes: [AliasRoute(version: 1, weight: 0), AliasRoute(version: 2, weight: 100)])
        #expect((0..<1_000).allSatisfy { _ in none.route(using: &generator)?.version == 2 })
    }
}
