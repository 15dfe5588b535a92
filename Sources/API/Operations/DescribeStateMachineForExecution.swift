import Engine
import JSON
import Store

/// Shows the revision of its state machine that an execution runs.
struct DescribeStateMachineForExecution: Operation {
    let arn: String
    let includedData: IncludedData

    init(_ members: inout RequestMembers) throws(ServiceError) {
        arn = try members.string("executionArn", length: 1...256)
        includedData = try IncludedData(&members)
    }

    func answer(from service: Service) async throws(ServiceError) -> JSONObject {
        let execution = try await service.execution(arn)
        let revision = try await service.revision(execution.revisionID)
        var shape = revision.described(by: service.arns, withDefinition: includedData == .all)
        if let run = execution.summary.mapRunARN(by: service.arns) {
            shape["mapRunArn"] = .string("\(run)")
            shape["label"] = .string(run.label)
        }
        shape["updateDate"] = .instant(revision.revisionCreatedAt)
        return shape
    }
}
