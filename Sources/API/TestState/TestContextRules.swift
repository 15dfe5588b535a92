import JSON
import StatesLanguage

/// What a request's `context` may hold.
///
/// Any part may be missing. Messages: recorded test_state_context_object_validation_failures, -invalid_states.
enum TestContextRules {
    private enum Kind { case string, integer, object, any }

    private static let members: [String: [String: Kind]] = [
        "Execution": [
            "Id": .string, "Input": .any, "Name": .string, "RoleArn": .string, "StartTime": .string,
            "RedriveCount": .integer, "RedriveTime": .string,
        ],
        "State": ["EnteredTime": .string, "Name": .string, "RetryCount": .integer],
        "StateMachine": ["Id": .string, "Name": .string],
        "Task": ["Token": .string],
    ]

    /// Reads a context object.
    static func context(_ text: String, of state: State) throws(ServiceError) -> JSONValue {
        guard let context = try? JSONValue(parsing: text), let object = context.object else {
            throw refusal("must be a JSON object")
        }
        for (name, value) in object {
            guard name != "Map" else {
                throw refusal("'Map' field is not supported when mocking a Context object")
            }
            guard let allowed = members[name] else { throw refusal("Field '\(name)' is not allowed") }
            guard let part = value.object else { throw refusal("\(name) must be an object") }
            for (member, value) in part {
                guard let kind = allowed[member] else { throw refusal("Field '\(member)' is not allowed") }
                try check(value, at: "\(name).\(member)", is: kind)
            }
        }
        guard object["Task"] == nil || waitsForToken(state) else {
            throw refusal(
                "Context object contains 'Task' when state is not a Task state with a '.sync' or '.waitForTaskToken' "
                    + "service integration pattern"
            )
        }
        return context
    }

    private static func check(_ value: JSONValue, at place: String, is kind: Kind) throws(ServiceError) {
        switch kind {
        case .string: if value.string == nil { throw refusal("\(place) must be a string") }
        case .integer: if value.int == nil { throw refusal("\(place) must be an integer") }
        case .object: if value.object == nil { throw refusal("\(place) must be an object") }
        case .any: break
        }
    }

    private static func waitsForToken(_ state: State) -> Bool {
        guard case .task(let task) = state.body else { return false }
        switch task.resource.pattern {
        case .sync, .sync2, .waitForTaskToken: return true
        case .requestResponse, nil: return false
        }
    }

    private static func refusal(_ reason: String) -> ServiceError {
        .validation("Invalid Context object provided: \(reason)")
    }
}
