import Engine
import JSON
import StatesLanguage
import Store

/// Runs an execution of an Express state machine, and answers how it ended: also one that failed is an answer.
struct StartSyncExecution: Operation {
    let members: StartMembers
    let includedData: IncludedData

    init(_ members: inout RequestMembers) throws(ServiceError) {
        includedData = try IncludedData(&members)
        self.members = try StartMembers(&members)
    }

    func answer(from service: Service) async throws(ServiceError) -> JSONObject {
        let target = try await members.target(in: service)
        guard target.head.type == .express else { throw .stateMachineTypeNotSupported }
        let request = try await members.request(target, in: service)
        let run = try await service.synchronousRuns.run { () throws(ServiceError) in
            try await service.stored { () throws(StoreError) in try await service.express(request) }
        }
        guard let execution = run else {
            service.engine?.countThrottled()
            throw .throttled
        }
        var shape = execution.shape(withData: includedData == .all)
        shape["stateMachineArn"] = .string("\(service.arns.stateMachine(target.head.name))")
        if includedData == .all { shape["input"] = .string(members.input.text) }
        shape["inputDetails"] = ["included": .bool(includedData == .all)]
        if let traceHeader = members.traceHeader { shape["traceHeader"] = .string(traceHeader) }
        return shape
    }
}
