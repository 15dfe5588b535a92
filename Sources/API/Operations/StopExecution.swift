import Engine
import JSON
import Store

/// Stops an execution; one that has ended stays as it ended.
struct StopExecution: Operation {
    let arn: String
    let error: String?
    let cause: String?

    init(_ members: inout RequestMembers) throws(ServiceError) {
        arn = try members.string("executionArn", length: 1...256)
        error = try members.optionalStoredString("error", length: 0...256, isSecret: true)
        cause = try members.optionalStoredString("cause", length: 0...32_768, isSecret: true)
    }

    func answer(from service: Service) async throws(ServiceError) -> JSONObject {
        let execution = try await service.execution(arn)
        let outcome = try await service.stored { () throws(StoreError) in
            try await service.stop(execution.id, error, cause)
        }
        switch outcome {
        case .stopped(let time), .alreadyStopped(let time): return ["stopDate": .instant(time)]
        case .notFound: throw .executionDoesNotExist(arn)
        }
    }
}
