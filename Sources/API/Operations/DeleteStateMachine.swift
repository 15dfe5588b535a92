import JSON
import Store

/// Deletes a state machine, at once or when its last execution has ended; one that does not exist is deleted already.
struct DeleteStateMachine: Operation {
    let arn: String

    init(_ members: inout RequestMembers) throws(ServiceError) {
        arn = try members.string("stateMachineArn", length: 1...256)
    }

    func answer(from service: Service) async throws(ServiceError) -> JSONObject {
        let name: String
        do { name = try service.machineName(in: arn) } catch {
            guard error.name == "StateMachineDoesNotExist" else { throw error }
            return [:]
        }
        _ = try await service.stored { () throws(StoreError) in try await service.store.deleteStateMachine(named: name)
        }
        service.listsChanged()
        return [:]
    }
}
