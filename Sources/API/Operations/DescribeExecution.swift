import JSON

/// Shows an execution.
struct DescribeExecution: Operation {
    let arn: String
    let includedData: IncludedData

    init(_ members: inout RequestMembers) throws(ServiceError) {
        arn = try members.string("executionArn", length: 1...256)
        includedData = try IncludedData(&members)
    }

    func answer(from service: Service) async throws(ServiceError) -> JSONObject {
        try await service.execution(arn).described(
            by: service.arns,
            withData: includedData == .all,
            at: service.trial.now()
        )
    }
}
