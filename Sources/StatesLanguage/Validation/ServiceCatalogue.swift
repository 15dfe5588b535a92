/// Which actions and patterns the integrations made for a service offer, where that is a closed list.
///
/// What is not listed is accepted: AWS adds services and actions, and an integration that nothing serves fails when it
/// runs, with a clear error. Source: reference §16; measured with ValidateStateMachineDefinition.
enum ServiceCatalogue {
    /// Returns whether AWS has that integration, as far as is known.
    static func offers(_ service: ServiceIntegration) -> Bool {
        switch service.pattern {
        case .requestResponse: break
        case .sync: guard !service.isSDK, !withoutSync.contains(service.service) else { return false }
        case .sync2: guard !service.isSDK, service.service == "states" else { return false }
        case .waitForTaskToken:
            guard service.isSDK || !withoutTaskToken.contains(service.service) else { return false }
        }
        guard !service.isSDK, let actions = actions[service.service] else { return true }
        return actions.contains(service.action)
    }

    /// Returns the members that the action's parameters must have.
    static func required(by service: ServiceIntegration) -> [String] {
        guard !service.isSDK else { return [] }
        return required["\(service.service):\(service.action)"] ?? []
    }

    private static let actions: [String: Set<String>] = [
        "lambda": ["invoke"],
        "sns": ["publish"],
        "sqs": ["sendMessage"],
        "dynamodb": ["getItem", "putItem", "updateItem", "deleteItem"],
        "events": ["putEvents"],
        "apigateway": ["invoke"],
        "states": ["startExecution"],
        "http": ["invoke"],
        "batch": ["submitJob"],
        "ecs": ["runTask"],
    ]

    private static let withoutSync: Set<String> = [
        "lambda", "sns", "sqs", "dynamodb", "events", "apigateway", "http", "bedrock-agentcore",
    ]

    private static let withoutTaskToken: Set<String> = [
        "athena", "batch", "codebuild", "elasticmapreduce", "emr-containers", "emr-serverless", "glue", "databrew",
        "mediaconvert", "sagemaker", "dynamodb", "http", "bedrock-agentcore",
    ]

    private static let required: [String: [String]] = [
        "lambda:invoke": ["FunctionName"],
        "sqs:sendMessage": ["QueueUrl", "MessageBody"],
        "sns:publish": ["Message"],
        "dynamodb:putItem": ["TableName", "Item"],
        "dynamodb:getItem": ["TableName", "Key"],
        "dynamodb:updateItem": ["TableName", "Key"],
        "dynamodb:deleteItem": ["TableName", "Key"],
        "states:startExecution": ["StateMachineArn"],
        "events:putEvents": ["Entries"],
        "ecs:runTask": ["TaskDefinition"],
        "glue:startJobRun": ["JobName"],
    ]
}
