import JSON
import StatesLanguage

extension StateTest {
    /// What AWS calls every state that is tested, also one that has a name in its machine.
    ///
    /// Source: recorded test_state_with_variables, test_parallel_state_empty_branches.
    package static let stateName = "StateName"

    /// The context object of an execution made up for the test: that of an Express workflow, which has no redrives.
    ///
    /// Source: recorded test_map_state_failure_count, test_state_with_variables.
    static func context(
        of execution: ExecutionInfo,
        _ state: State,
        _ conditions: Conditions,
        token: String
    ) -> JSONValue {
        var members: JSONObject = [
            "Execution": [
                "Id": .string(execution.id),
                "Input": execution.input.value,
                "Name": .string(execution.name),
                "RoleArn": execution.roleARN.isEmpty ? .null : .string(execution.roleARN),
                "StartTime": .string(execution.startTime.rfc3339),
            ],
            "StateMachine": ["Id": .string(execution.stateMachineID), "Name": .string(execution.stateMachineName)],
        ]
        var own: JSONObject = [
            "Name": .string(stateName),
            "EnteredTime": .string(execution.startTime.rfc3339),
        ]
        if state.type.canRetry { own["RetryCount"] = .number(JSONNumber(conditions.retryCount)) }
        members["State"] = .object(own)
        if case .task(let task) = state.body, task.resource.takesToken { members["Task"] = ["Token": .string(token)] }
        return .object(members)
    }
}
