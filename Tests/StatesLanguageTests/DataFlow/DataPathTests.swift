import JSON
import StatesLanguage
import Testing

@Suite("A path of a field")
struct DataPathTests {
    static let scope = Scope(
        input: ["a": ["b": 1], "items": [1, 2]],
        context: .recorded(input: ["started": true]),
        variables: ["name": ["a": [5]], "größe": 7]
    )

    @Test(
        "is read from its root",
        arguments: [
            ("$", #"{"a":{"b":1},"items":[1,2]}"#), ("$.a.b", "1"), ("$['a']", #"{"b":1}"#), ("$.items[-1]", "2"),
            ("$.items[*]", "[1,2]"), ("$..b", "[1]"), ("$.items.length()", "2"),
            ("$$.State.Name", "\"State_0\""), ("$$.Execution.Input.started", "true"),
            ("$$['Execution']['Input']", #"{"started":true}"#), ("$$.Execution.RedriveCount", "0"),
            ("$$.State.EnteredTime", "\"2024-05-01T10:00:00.123Z\""), ("$$..started", "[true]"),
            ("$name", #"{"a":[5]}"#), ("$name.a[0]", "5"), ("$größe", "7"),
        ]
    )
    func evaluation(text: String, value: String) throws {
        #expect(try DataPath(parsing: text).evaluate(in: Self.scope).text == value)
    }

    @Test(
        "that finds nothing says so",
        arguments: [
            ("$.x", "Invalid path '$.x' : No results for path: $['x']"),
            ("$.no.x", "Invalid path '$.no.x' : Missing property in path $['no']"),
            ("$$.Task.Token", "Invalid path '$$.Task.Token' : Missing property in path $['Task']"),
            ("$nope.a", "Invalid path '$nope.a' : No value is assigned to variable 'nope'"),
        ]
    )
    func missing(text: String, cause: String) throws {
        let path = try DataPath(parsing: text)
        let error = #expect(throws: DataFlowError.self) { try path.evaluate(in: Self.scope) }
        #expect(error?.cause == cause)
        #expect(error?.errorName == "States.Runtime")
    }

    @Test("is refused", arguments: ["", "a", "$.", "$a b", "$$.", "States.UUID()", " $", "$[", "$-"])
    func refused(text: String) {
        #expect(throws: DataFlowError.self) { try DataPath(parsing: text) }
    }

    @Test(
        "knows whether it can read the execution's input",
        arguments: [
            ("$.a", false), ("$name", false), ("$$.State.Name", false), ("$$.Execution.Id", false),
            ("$$.StateMachine.Name", false), ("$$.Map.Item.Value", false), ("$$.Map.Item.Index", false),
            ("$$.Task.Token", false), ("$$", true), ("$$.Execution", true), ("$$.Execution.Input.a", true),
            ("$$..Input", true), ("$$['Execution']['Id']", true), ("$$.*", true), ("$$.Execution['Input']", true),
            ("$$.Execution.*", true), ("$$.State", false), ("$$.Execution.Id.x", true), ("$$.State.Nmae", true),
            ("$$.Execution.Inptu", true),
        ]
    )
    func readsExecutionInput(text: String, reads: Bool) throws {
        #expect(try DataPath(parsing: text).readsExecutionInput == reads)
    }

    @Test(
        "reads of the context object what a whole one would give",
        arguments: [
            "$$.Map", "$$.Map.Item", "$$.Map.Item.Value", "$$.Map.Item.Index", "$$.Map.*", "$$.Map.Item.Key",
            "$$.Map['Item']['Value']", "$$.Execution", "$$.State", "$$.Map.Item.Value.x", "$$.Map.Item.Source",
        ]
    )
    func parts(text: String) throws {
        var context = ContextObject.recorded(input: ["started": true])
        context.retryCount = 2
        context.mapItem = .init(index: 3, value: JSONText(["x": 1]), key: "k", source: "STATE_DATA")
        let found = try DataPath(parsing: text).evaluate(in: Scope(input: nil, context: context))
        let ofWhole = try DataPath(parsing: String(text.dropFirst()))
            .evaluate(in: Scope(input: context.value, context: context))
        #expect(found == ofWhole)
    }

    @Test(
        "knows whether it is a reference path",
        arguments: [("$.a[0]['b']", true), ("$.a[*]", false), ("$..a", false)]
    )
    func reference(text: String, isReference: Bool) throws {
        #expect(try DataPath(parsing: text).isReferencePath == isReference)
        #expect(try DataPath(parsing: "$" + text).isReferencePath == isReference)
    }
}

@Suite("The context object")
struct ContextObjectTests {
    @Test("has the members that were recorded")
    func members() {
        let context = ContextObject.recorded(input: ["input-value": 0])
        #expect(
            context.value == [
                "Execution": [
                    "Id": "arn:<partition>:states:<region>:111111111111:execution:<ArnPart_0idx>:<ExecArnPart_0idx>",
                    "Input": ["input-value": 0], "StartTime": "2024-05-01T10:00:00Z", "Name": "<ExecArnPart_0idx>",
                    "RoleArn": "snf_role_arn", "RedriveCount": 0,
                ],
                "StateMachine": [
                    "Id": "arn:<partition>:states:<region>:111111111111:stateMachine:<ArnPart_0idx>",
                    "Name": "<ArnPart_0idx>",
                ],
                "State": ["Name": "State_0", "EnteredTime": "2024-05-01T10:00:00.123Z"],
            ]
        )
    }

    @Test("has more of them in a Task, in an iteration and after a redrive")
    func moreMembers() {
        var context = ContextObject.recorded()
        context.retryCount = 1
        context.taskToken = "t"
        context.mapItem = .init(index: 0, value: JSONText(1), source: "STATE_DATA")
        context.execution.redriveCount = 1
        context.execution.redriveTime = Timestamp(microseconds: 0)
        #expect(context.value["State"]?["RetryCount"] == 1)
        #expect(context.value["Task"] == ["Token": "t"])
        #expect(context.value["Map"] == ["Item": ["Index": 0, "Value": 1, "Source": "STATE_DATA"]])
        #expect(context.value["Execution"]?["RedriveTime"] == "1970-01-01T00:00:00Z")
    }
}
