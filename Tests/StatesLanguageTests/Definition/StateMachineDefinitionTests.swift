import JSON
import StatesLanguage
import Testing

@Suite("A definition")
struct StateMachineDefinitionTests {
    static let text = """
        {
          "Comment": "Orders", "StartAt": "Check", "TimeoutSeconds": 3600,
          "States": {
            "Check": {
              "Type": "Parallel", "ResultPath": "$.checks", "Next": "Choose",
              "Branches": [
                {"StartAt": "Pay", "States": {
                  "Pay": {"Type": "Task", "Resource": "arn:aws:lambda:us-east-1:123456789012:function:pay",
                    "TimeoutSeconds": 30, "HeartbeatSecondsPath": "$.beat", "End": true,
                    "Retry": [{"ErrorEquals": ["A", "B"], "IntervalSeconds": 2, "BackoffRate": 1.5, "JitterStrategy": "FULL"},
                              {"ErrorEquals": ["States.ALL"], "MaxAttempts": 1, "MaxDelaySeconds": 60}]}}},
                {"StartAt": "Each", "States": {
                  "Each": {"Type": "Map", "ItemsPath": "$.items", "MaxConcurrency": 10, "ToleratedFailurePercentage": 12.5,
                    "Parameters": {"item.$": "$$.Map.Item.Value"}, "End": true,
                    "Iterator": {"StartAt": "Reserve", "States": {
                      "Reserve": {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "End": true,
                        "Parameters": {"FunctionName": "reserve", "Payload.$": "$"}, "OutputPath": "$.Payload"}}}}}}
              ],
              "Catch": [{"ErrorEquals": ["States.ALL"], "ResultPath": "$.error", "Next": "Give up"}]
            },
            "Choose": {"Type": "Choice", "Default": "Give up",
              "Choices": [{"Variable": "$.ok", "BooleanEquals": true, "Next": "Later"}]},
            "Later": {"Type": "Wait", "Timestamp": "2030-01-01T00:00:00Z", "Next": "Note"},
            "Note": {"Type": "Pass", "Result": {"a": [1.0, 2]}, "ResultPath": null, "Next": "Done"},
            "Done": {"Type": "Succeed"},
            "Give up": {"Type": "Fail", "Error": "Refused", "CausePath": "States.JsonToString($.error)"}
          }
        }
        """

    let definition: StateMachineDefinition

    init() throws { definition = try StateMachineDefinition(parsing: Self.text) }

    @Test("keeps its own fields")
    func header() {
        #expect(definition.comment == "Orders")
        #expect(definition.version == "1.0")
        #expect(definition.timeoutSeconds == 3600)
        #expect(definition.type == .standard)
        #expect(definition.root.startAt == "Check")
        #expect(definition.root.states.map(\.name) == ["Check", "Choose", "Later", "Note", "Done", "Give up"])
        #expect(definition.stateCount == 9)
        #expect(definition.warnings.isEmpty)
    }

    @Test("finds a state at any depth, and what it is in")
    func lookup() {
        #expect(definition.state(named: "Reserve")?.type == .task)
        #expect(definition.container(of: "Reserve")?.name == "Each")
        #expect(definition.container(of: "Each")?.name == "Check")
        #expect(definition.container(of: "Check") == nil)
        #expect(definition.state(named: "Nobody") == nil)
        #expect(definition.container(of: "Nobody") == nil)
        #expect(
            definition.state(named: "Reserve")?.place.description
                == "/States/Check/Branches/1/States/Each/Iterator/States/Reserve"
        )
    }

    @Test("has a Task's resource, times and handlers")
    func task() throws {
        guard case .task(let pay)? = definition.state(named: "Pay")?.body else { throw NotThere() }
        #expect(pay.resource.lane == "arn:aws:lambda:us-east-1:123456789012:function:pay")
        #expect(pay.timeout == .seconds(30))
        #expect(pay.heartbeat == .path(try DataPath(parsing: "$.beat")))
        #expect(
            pay.retriers == [
                Retrier(errorEquals: ["A", "B"], intervalSeconds: 2, backoffRate: 1.5, jitter: .full),
                Retrier(maxAttempts: 1, maxDelaySeconds: 60),
            ]
        )
        #expect(pay.successor == .end)
        guard case .task(let reserve)? = definition.state(named: "Reserve")?.body else { throw NotThere() }
        #expect(reserve.resource.lane == "reserve")
        let catcher = try #require(definition.state(named: "Check")?.catchers.first)
        #expect(catcher.next == "Give up")
    }

    @Test("has a Map's items, limits and processor, also as older definitions write them")
    func map() throws {
        guard case .map(let map)? = definition.state(named: "Each")?.body else { throw NotThere() }
        #expect(map.mode == .inline)
        #expect(map.itemsPath?.text == "$.items")
        #expect(map.itemSelector != nil && map.dataFlow.jsonPath?.parameters == nil)
        #expect(map.maxConcurrency == .literal(10))
        #expect(map.toleratedFailureCount == nil)
        #expect(map.toleratedFailurePercentage == .literal(12.5))
        #expect(map.processor.startAt == "Reserve")
    }

    @Test("has what the other types add")
    func others() throws {
        guard case .wait(let wait)? = definition.state(named: "Later")?.body, case .timestamp(let time) = wait.duration,
            case .pass(let pass)? = definition.state(named: "Note")?.body,
            case .choice(let choice)? = definition.state(named: "Choose")?.body,
            case .fail(let fail)? = definition.state(named: "Give up")?.body, case .literal(let error)? = fail.error,
            case .dynamic(let cause)? = fail.cause
        else { throw NotThere() }
        #expect(time == Timestamp(rfc3339: "2030-01-01T00:00:00Z"))
        #expect(pass.result?.text == #"{"a":[1.0,2]}"#)
        #expect(pass.dataFlow.jsonPath?.resultPath == .discard)
        #expect(choice.options.map(\.next) == ["Later"] && choice.defaultState == "Give up")
        #expect(error == "Refused" && cause.text == "States.JsonToString($.error)")
        #expect(definition.state(named: "Choose")?.successor == nil)
        #expect(definition.state(named: "Give up").map { $0.dataFlow == nil } == true)
    }

    @Test("knows what of the context object it reads")
    func context() throws {
        #expect(definition.readsContext)
        #expect(!definition.readsExecutionInput)
        let whole =
            #"{"StartAt": "X", "States": {"X": {"Type": "Pass", "InputPath": "$$.Execution.Input", "End": true}}}"#
        #expect(try StateMachineDefinition(parsing: whole).readsExecutionInput)
        let none = #"{"StartAt": "X", "States": {"X": {"Type": "Pass", "Comment": "$$", "End": true}}}"#
        #expect(try !StateMachineDefinition(parsing: none).readsContext)
    }

    @Test("of any nonsense is refused or read, and never worse")
    func mutations() throws {
        let bytes = Array(Self.text.utf8)
        var generator = Seeded(state: 42)
        for _ in 0..<1_000 {
            var mutated = bytes
            for _ in 0...Int.random(in: 0...2, using: &generator) {
                let place = Int.random(in: 0..<mutated.count, using: &generator)
                switch Int.random(in: 0..<3, using: &generator) {
                case 0: mutated[place] = UInt8.random(in: 0x20...0x7E, using: &generator)
                case 1: mutated.remove(at: place)
                default: mutated.insert(UInt8.random(in: 0x20...0x7E, using: &generator), at: place)
                }
            }
            check(String(decoding: mutated, as: UTF8.self))
        }
    }

    @Test("of values of the wrong kind is refused with a reason, at a place that is there")
    func substitutions() throws {
        let root = try JSONValue(parsing: Self.text)
        let values: [JSONValue] = [
            .null, true, 0, -1, 1.5, .number(try #require(JSONNumber(spelling: "1e999"))), "", "$", "$.a[*]", "$$",
            "States.ALL",
            "Reserve", [], [[]], [:], ["a": 1],
        ]
        for value in values {
            for index in 0..<root.size { check(root.replacing(index, with: value).text) }
        }
    }

    private func check(_ text: String) {
        let diagnostics = Validator.diagnostics(of: text)
        let isWell = !diagnostics.contains { $0.severity == .error }
        let isRead = (try? StateMachineDefinition(parsing: text)) != nil
        #expect(isRead == isWell)
        #expect(!diagnostics.contains { $0.message == "Definition cannot be read" }, "\(text)")
    }

    private struct NotThere: Error {}

    private struct Seeded: RandomNumberGenerator {
        var state: UInt64
        mutating func next() -> UInt64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return state ^ (state >> 29)
        }
    }

    @Test("of one state alone leads where nothing is, and its nested graphs do not")
    func loneState() throws {
        let lone = try StateMachineDefinition(parsingState: #"{"Type": "Pass", "Next": "Away"}"#, named: "S")
        #expect(lone.state(named: "S")?.successor == .next("Away"))
        let branch = #"{"StartAt": "B", "States": {"B": {"Type": "Pass", "Next": "Away"}}}"#
        let error = #expect(throws: InvalidDefinition.self) {
            try StateMachineDefinition(
                parsingState: #"{"Type": "Parallel", "Branches": [\#(branch)], "End": true}"#,
                named: "S"
            )
        }
        #expect(
            error?.description
                == "Invalid State Machine Definition: 'MISSING_TRANSITION_TARGET: Missing 'Next' target: Away at "
                + "/States/S/Branches[0]/States/B/Next'"
        )
    }
}

extension JSONValue {
    /// How many values there are in it, itself included.
    fileprivate var size: Int {
        switch self {
        case .array(let elements): 1 + elements.reduce(0) { $0 + $1.size }
        case .object(let members): 1 + members.reduce(0) { $0 + $1.value.size }
        default: 1
        }
    }

    /// The value with the one of that number, in the order of the text, replaced.
    fileprivate func replacing(_ index: Int, with value: JSONValue) -> JSONValue {
        var left = index
        return replacing(&left, with: value)
    }

    private func replacing(_ left: inout Int, with value: JSONValue) -> JSONValue {
        left -= 1
        if left == -1 { return value }
        switch self {
        case .array(let elements): return .array(elements.map { $0.replacing(&left, with: value) })
        case .object(let members):
            return .object(JSONObject(members.map { ($0.key, $0.value.replacing(&left, with: value)) }))
        default: return self
        }
    }
}
