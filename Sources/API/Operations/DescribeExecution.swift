import Engine
import JSON
import Store

/// Shows an execution; of those of Express machines only what a map run has dispatched.
struct DescribeExecution: Operation {
    let arn: String
    let includedData: IncludedData

    init(_ members: inout RequestMembers) throws(ServiceError) {
        arn = try members.string("executionArn", length: 1...256)
        includedData = try IncludedData(&members)
    }

    func answer(from service: Service) async throws(ServiceError) -> JSONObject {
        if let express = try? ExpressARN(parsing: arn), let label = express.label {
            return try await child(express, label, in: service)
        }
        let execution = try await service.execution(arn)
        var shape = execution.described(by: service.arns, withData: includedData == .all, at: service.trial.now())
        if try await waits(execution, in: service) { shape["status"] = "PENDING_REDRIVE" }
        return shape
    }

    /// A map run's child that ran in memory, once it has ended.
    private func child(
        _ express: ExpressARN,
        _ label: String,
        in service: Service
    ) async throws(ServiceError) -> JSONObject {
        guard service.arns.own(express.scope), let id = ExecutionID(express.name), let runID = MapRunID(express.id)
        else {
            throw .executionDoesNotExist(arn)
        }
        let found = try await service.stored { () throws(StoreError) -> (MapRunRecord, KeptChild)? in
            guard let run = try await service.store.mapRun(runID),
                let child = try await service.store.keptChild(id, of: run)
            else { return nil }
            return (run, child)
        }
        guard let (run, child) = found, run.childARN(id, by: service.arns) == express else {
            throw .executionDoesNotExist(arn)
        }
        return child.described(of: run, by: service.arns, withData: includedData == .all)
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
