import Engine
import JSON
import Store

/// Brings the result of an attempt that awaits one: a callback's, or an activity's.
struct SendTaskSuccess: Operation {
    let token: String
    let output: JSONText

    init(_ members: inout RequestMembers) throws(ServiceError) {
        token = try members.string("taskToken", length: 1...2_048)
        let text = try members.string("output", length: 0...members.maxPayloadBytes, isSecret: true)
        try members.check()
        do { output = try JSONText(validating: text) } catch {
            throw ServiceError("InvalidOutput", "Invalid Output: 'The output is not JSON: \(error)'")
        }
    }

    func answer(from service: Service) async throws(ServiceError) -> JSONObject {
        try await service.complete(token, with: .succeeded(output))
        return [:]
    }
}
