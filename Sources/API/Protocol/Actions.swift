/// Every action of the service's model, and what performs it (reference §19).
enum Actions {
    /// Those that Braid performs.
    static let performed: [String: any Operation.Type] = [
        "CreateStateMachine": CreateStateMachine.self,
        "DeleteStateMachine": DeleteStateMachine.self,
        "DescribeExecution": DescribeExecution.self,
        "DescribeStateMachine": DescribeStateMachine.self,
        "DescribeStateMachineForExecution": DescribeStateMachineForExecution.self,
        "GetActivityTask": GetActivityTask.self,
        "GetExecutionHistory": GetExecutionHistory.self,
        "ListExecutions": ListExecutions.self,
        "ListStateMachineAliases": ListStateMachineAliases.self,
        "ListStateMachines": ListStateMachines.self,
        "ListStateMachineVersions": ListStateMachineVersions.self,
        "ListTagsForResource": ListTagsForResource.self,
        "SendTaskFailure": SendTaskFailure.self,
        "SendTaskHeartbeat": SendTaskHeartbeat.self,
        "SendTaskSuccess": SendTaskSuccess.self,
        "StartExecution": StartExecution.self,
        "StopExecution": StopExecution.self,
        "TestState": TestState.self,
        "UpdateStateMachine": UpdateStateMachine.self,
        "ValidateStateMachineDefinition": ValidateStateMachineDefinition.self,
    ]

    /// Those that AWS has and Braid does not perform yet.
    static let absent: Set<String> = [
        "CreateActivity", "CreateStateMachineAlias", "DeleteActivity", "DeleteStateMachineAlias",
        "DeleteStateMachineVersion", "DescribeActivity", "DescribeMapRun", "DescribeStateMachineAlias",
        "ListActivities", "ListMapRuns", "PublishStateMachineVersion", "RedriveExecution", "StartSyncExecution",
        "TagResource",
        "UntagResource", "UpdateMapRun", "UpdateStateMachineAlias",
    ]

    /// Finds what performs an action.
    static func named(_ action: String) throws(ServiceError) -> any Operation.Type {
        if let operation = performed[action] { return operation }
        guard absent.contains(action) else {
            throw .unknownOperation("The service does not know the action '\(action.prefix(80))'.")
        }
        throw .unknownOperation("Braid does not perform the action \(action) yet.")
    }
}
