import Engine
import JSON
import StatesLanguage

/// Draws definitions that are valid, end, and use all that branches, waits, retries and fails.
struct RandomMachine {
    /// Where Tasks are performed.
    static let lanes = ["f", "g", "h"].map { "arn:aws:lambda:us-east-1:123456789012:function:\($0)" }
    /// Whose tasks are polled for.
    static let activity = "arn:aws:states:us-east-1:123456789012:activity:a"
    /// What every execution is given.
    static let input = JSONText(trusted: #"{"n":1,"items":[1,2,3]}"#)

    var random: SeededGenerator
    private var states = 0
    private var variables = 0
    /// How many states it may still have.
    private var budget: Int
    /// Whether the machine's first state assigns a variable, which states at any depth may read.
    private var hasVariable: Bool

    init(using random: SeededGenerator) {
        self.random = random
        budget = 3
        hasVariable = false
        budget = Int.random(in: 3...14, using: &self.random)
        hasVariable = Bool.random(using: &self.random)
    }

    mutating func definition() -> String {
        var machine = graph(depth: 0).object ?? [:]
        if hasVariable, let start = machine["StartAt"], var states = machine["States"]?.object {
            states["S0"] = ["Type": "Pass", "Assign": ["v": ["a": 1, "b.$": "$.n"]], "Next": start]
            machine["StartAt"] = "S0"
            machine["States"] = .object(states)
        }
        if chance(12) { machine["TimeoutSeconds"] = number(5...40) }
        return JSONValue.object(machine).text
    }

    private mutating func chance(_ of: Int) -> Bool { Int.random(in: 0..<of, using: &random) == 0 }

    private mutating func number(_ range: ClosedRange<Int>) -> JSONValue {
        .number(JSONNumber(Int.random(in: range, using: &random)))
    }

    /// A chain of states; jumps lead forward only, so that every execution ends.
    private mutating func graph(depth: Int) -> JSONValue {
        let count = max(1, min(budget, Int.random(in: 1...4, using: &random)))
        budget -= count
        let names = (0..<count).map { _ in
            states += 1
            return "S\(states)"
        }
        var members = JSONObject()
        for (index, name) in names.enumerated() {
            members[name] = state(next: Array(names.dropFirst(index + 1)), depth: depth)
        }
        return ["StartAt": .string(names[0]), "States": .object(members)]
    }

    private mutating func state(next: [String], depth: Int) -> JSONValue {
        var state: JSONObject = [:]
        let isLast = next.isEmpty
        switch Int.random(in: 0..<12, using: &random) {
        case 0 where isLast && chance(2): return ["Type": "Fail", "Error": "Failed", "Cause": "c"]
        case 0 where isLast: return ["Type": "Succeed"]
        case 0:
            let target = next.randomElement(using: &random) ?? next[0]
            return [
                "Type": "Choice", "Default": .string(next[0]),
                "Choices": [["Variable": "$.n", "NumericGreaterThan": 1, "Next": .string(target)]],
            ]
        case 1: state = ["Type": "Wait", "Seconds": number(0...3)]
        case 2 where hasVariable:
            state = ["Type": "Pass", "Parameters": ["n.$": "$v.a", "items.$": "$.items", "seen.$": "$v"]]
        case 2: state = ["Type": "Pass", "Parameters": ["n.$": "$.n", "items.$": "$.items"]]
        case 3...5 where depth < 3 && budget > 0: state = parallel(next: next, depth: depth)
        case 6...8 where depth < 3 && budget > 0: state = map(next: next, depth: depth)
        default: state = task(next: next)
        }
        // Some results replace what the next states read: those fail with States.Runtime.
        if state["Type"] != "Wait", !chance(12) { state["ResultPath"] = "$.result" }
        // Its own graph's, which no other assigns; it may not be read, for a Choice may lead past it.
        if hasVariable, chance(3) {
            variables += 1
            state["Assign"] = .object(["own\(variables)": ["seen.$": "$v", "state.$": "$$.State.Name"]])
        }
        if isLast { state["End"] = true } else { state["Next"] = .string(next[0]) }
        return .object(state)
    }

    private mutating func parallel(next: [String], depth: Int) -> JSONObject {
        let branches = (0..<Int.random(in: 1...3, using: &random)).map { _ in graph(depth: depth + 1) }
        var state: JSONObject = ["Type": "Parallel", "Branches": .array(branches)]
        handle(&state, next: next)
        return state
    }

    private mutating func map(next: [String], depth: Int) -> JSONObject {
        let isDistributed = chance(4)
        // Children that are executions of their own see no variable.
        let outer = hasVariable
        if isDistributed { hasVariable = false }
        var processor = graph(depth: depth + 1).object ?? [:]
        hasVariable = outer
        if isDistributed { processor["ProcessorConfig"] = ["Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"] }
        var state: JSONObject = ["Type": "Map", "ItemsPath": "$.items", "ItemProcessor": .object(processor)]
        state["MaxConcurrency"] = number(0...2)
        state["ItemSelector"] = ["n.$": "$$.Map.Item.Value", "items.$": "$.items"]
        switch Int.random(in: 0..<4, using: &random) {
        case 0: state["ToleratedFailurePercentage"] = 50
        case 1: state["ToleratedFailureCount"] = number(0...3)
        default: break
        }
        handle(&state, next: next)
        return state
    }

    private mutating func task(next: [String]) -> JSONObject {
        var state: JSONObject = ["Type": "Task", "TimeoutSeconds": number(8...20)]
        state["Resource"] = .string(Self.lanes.randomElement(using: &random) ?? Self.lanes[0])
        if hasVariable, chance(4) {
            state["Parameters"] = ["n.$": "$.n", "seen.$": "$v"]
        } else if chance(4) {
            // It ends by a callback.
            state["Parameters"] = [
                "FunctionName": state["Resource"] ?? .null, "Payload": ["n.$": "$.n", "token.$": "$$.Task.Token"],
            ]
            state["Resource"] = "arn:aws:states:::lambda:invoke.waitForTaskToken"
            if chance(4) { state["HeartbeatSeconds"] = number(3...7) }
        } else if chance(6) {
            state["Resource"] = .string(Self.activity)
        } else if chance(3) {
            // What is drawn at random must be the same when the attempt is performed again.
            state["Parameters"] = ["n.$": "$.n", "id.$": "States.UUID()"]
        }
        handle(&state, next: next)
        return state
    }

    private mutating func handle(_ state: inout JSONObject, next: [String]) {
        if chance(3) {
            let names: [JSONValue] = ["States.ALL", "States.Timeout", "States.TaskFailed", "E"]
            state["Retry"] = [
                [
                    "ErrorEquals": .array([names.randomElement(using: &random) ?? "E"]), "MaxAttempts": number(1...2),
                    "BackoffRate": 1.0, "JitterStrategy": .string(chance(2) ? "FULL" : "NONE"),
                ]
            ]
        }
        guard let target = next.randomElement(using: &random), chance(2) else { return }
        state["Catch"] = [["ErrorEquals": ["States.ALL"], "Next": .string(target), "ResultPath": "$.error"]]
    }
}
