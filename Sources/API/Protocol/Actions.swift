/// Every action of the service's model, and what performs it (reference §19).
enum Actions {
    static let performed: [String: any Operation.Type] = [
        "CreateActivity": CreateActivity.self,
        "CreateStateMachine": CreateStateMachine.self,
        "CreateStateMachineAlias": CreateStateMachineAlias.self,
        "DeleteActivity": DeleteActivity.self,
        "DeleteStateMachine": DeleteStateMachine.self,
        "DeleteStateMachineAlias": DeleteStateMachineAlias.self,
        "DeleteStateMachineVersion": DeleteStateMachineVersion.self,
        "DescribeActivity": DescribeActivity.self,
        "DescribeExecution": DescribeExecution.self,
        "DescribeMapRun": DescribeMapRun.self,
        "DescribeStateMachine": DescribeStateMachine.self,
        "DescribeStateMachineAlias": DescribeStateMachineAlias.self,
        "DescribeStateMachineForExecution": DescribeStateMachineForExecution.self,
        "GetActivityTask": GetActivityTask.self,
        "GetExecutionHistory": GetExecutionHistory.self,
        "ListActivities": ListActivities.self,
        "ListExecutions": ListExecutions.self,
        "ListMapRuns": ListMapRuns.self,
        "ListStateMachineAliases": ListStateMachineAliases.self,
        "ListStateMachines": ListStateMachines.self,
        "ListStateMachineVersions": ListStateMachineVersions.self,
        "ListTagsForResource": ListTagsForResource.self,
        "PublishStateMachineVersion": PublishStateMachineVersion.self,
        "RedriveExecution": RedriveExecution.self,
        "SendTaskFailure": SendTaskFailure.self,
        "SendTaskHeartbeat": SendTaskHeartbeat.self,
        "SendTaskSuccess": SendTaskSuccess.self,
        "StartExecution": StartExecution.self,
        "StartSyncExecution": StartSyncExecution.self,
        "StopExecution": StopExecution.self,
        "TagResource": TagResource.self,
        "TestState": TestState.self,
        "UntagResource": UntagResource.self,
        "UpdateMapRun": UpdateMapRun.self,
        "UpdateStateMachine": UpdateStateMachine.self,
        "UpdateStateMachineAlias": UpdateStateMachineAlias.self,
        "ValidateStateMachineDefinition": ValidateStateMachineDefinition.self,
    ]

    /// Finds what performs an action.
    static func named(_ action: String) throws(ServiceError) -> any Operation.Type {
        guard let operation = performed[action] else {
            throw .unknownOperation("The service does not know the action '\(action.prefix(80))'.")
        }
        return operation
    }
}
