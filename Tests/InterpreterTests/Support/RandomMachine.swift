import JSON

/// Draws definitions that are valid, end, and use all that branches, waits and fails.
struct RandomMachine {
    var random: SeededGenerator
    private var states = 0

    init(seed: UInt64) {
        random = SeededGenerator(seed: seed)
    }

    mutating func definition() -> JSONValue { graph(depth: 0) }

    /// A chain of states; jumps lead forward only, so that every execution ends.
    private mutating func graph(depth: Int) -> JSONValue {
        let count = Int.random(in: 1...4, using: &random)
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
        switch Int.random(in: 0..<10, using: &random) {
        case 0 where isLast:
            state = ["Type": "Fail", "Error": "Failed", "Cause": "c"]
            return .object(state)
        case 1 where isLast: return ["Type": "Succeed"]
        case 1:
            return [
                "Type": "Choice", "Default": .string(next[0]),
                "Choices": [
                    [
                        "Variable": "$.n", "NumericGreaterThan": 1,
                        "Next": .string(next.randomElement(using: &random) ?? ""),
                    ]
                ],
            ]
        case 2: state = ["Type": "Wait", "Seconds": .number(JSONNumber(Int.random(in: 0...3, using: &random)))]
        case 3: state = ["Type": "Pass", "Parameters": ["n.$": "$.n", "items.$": "$.items"]]
        case 4...5 where depth < 3:
            let branches = (0..<Int.random(in: 1...3, using: &random)).map { _ in graph(depth: depth + 1) }
            state = ["Type": "Parallel", "Branches": .array(branches)]
            handle(&state, next: next)
        case 6...7 where depth < 3:
            state = ["Type": "Map", "ItemsPath": "$.items", "ItemProcessor": graph(depth: depth + 1)]
            state["MaxConcurrency"] = .number(JSONNumber(Int.random(in: 0...2, using: &random)))
            state["ItemSelector"] = ["n.$": "$$.Map.Item.Value", "items.$": "$.items"]
            if Bool.random(using: &random) { state["ToleratedFailurePercentage"] = 50 }
            handle(&state, next: next)
        default:
            state = ["Type": "Task", "Resource": .string(Definitions.function), "TimeoutSeconds": 5]
            handle(&state, next: next)
        }
        // Some results replace what the next states read: those fail with States.Runtime.
        if state["Type"] != "Wait", Int.random(in: 0..<12, using: &random) > 0 { state["ResultPath"] = "$.result" }
        if isLast { state["End"] = true } else { state["Next"] = .string(next[0]) }
        return .object(state)
    }

    private mutating func handle(_ state: inout JSONObject, next: [String]) {
        if Int.random(in: 0..<3, using: &random) == 0 {
            let names: [JSONValue] = ["States.ALL", "States.Timeout", "States.TaskFailed", "E"]
            state["Retry"] = [
                [
                    "ErrorEquals": .array([names.randomElement(using: &random) ?? "E"]), "MaxAttempts": 1,
                    "JitterStrategy": .string(Bool.random(using: &random) ? "FULL" : "NONE"),
                ]
            ]
        }
        guard let target = next.randomElement(using: &random), Bool.random(using: &random) else { return }
        state["Catch"] = [["ErrorEquals": ["States.ALL"], "Next": .string(target), "ResultPath": "$.error"]]
    }
}
