import Engine
import JSON
import Store

/// Says that whoever works on an attempt that awaits a result is alive: its heartbeat clock starts again.
struct SendTaskHeartbeat: Operation {
    let token: String

    init(_ members: inout RequestMembers) throws(ServiceError) {
        token = try members.string("taskToken", length: 1...2_048)
    }

    func answer(from service: Service) async throws(ServiceError) -> JSONObject {
        let parsed = try service.taskToken(token)
        let awaits = try await service.stored { () throws(StoreError) in
            try await service.store.heartbeatTask(parsed.key, token: parsed.text)
        }
        guard awaits else { throw try await service.unawaited(parsed) }
        return [:]
    }
}
