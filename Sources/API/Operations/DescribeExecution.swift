import JSON
import Store

/// Shows an execution.
struct DescribeExecution: Operation {
    let arn: String
    let includedData: IncludedData

    init(_ members: inout RequestMembers) throws(ServiceError) {
        arn = try members.string("executionArn", length: 1...256)
        includedData = try IncludedData(&members)
    }

    func answer(from service: Service) async throws(ServiceError) -> JSONObject {
        let execution = try await service.execution(arn)
        var shape = execution.described(by: service.arns, withData: includedData == .all, at: service.trial.now())
        if try await waits(execution, in: service) { shape["status"] = "PENDING_REDRIVE" }
        return shape
    }

    /// Whether it is a map run's child whose turn in the run's redrive is still to come.
    private func waits(_ execution: ExecutionRecord, in service: Service) async throws(ServiceError) -> Bool {
        guard let link = execution.summary.mapRun, execution.status != .running, execution.status != .succeeded else {
            return false
        }
        let run = try await service.stored { () throws(StoreError) in try await service.store.mapRun(link.id) }
        return run?.hasWaiting(execution.summary) ?? false
    }
}
