import Interpreter
import JSON
import Store

/// Says that an attempt that awaits a result has failed.
struct SendTaskFailure: Operation {
    let token: String
    let failure: Failure

    init(_ members: inout RequestMembers) throws(ServiceError) {
        token = try members.string("taskToken", length: 1...2_048)
        let error = try members.optionalString("error", length: 0...256, isSecret: true)
        let cause = try members.optionalString("cause", length: 0...32_768, isSecret: true)
        failure = Failure(error: error, cause: cause)
    }

    func answer(from service: Service) async throws(ServiceError) -> JSONObject {
        try await service.complete(token, with: .failed(failure))
        return [:]
    }
}
