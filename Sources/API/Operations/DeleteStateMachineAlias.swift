import JSON
import Store

/// Deletes an alias; the versions that it names stay.
struct DeleteStateMachineAlias: Operation {
    let arn: String

    init(_ members: inout RequestMembers) throws(ServiceError) {
        arn = try members.string("stateMachineAliasArn", length: 1...256)
    }

    func answer(from service: Service) async throws(ServiceError) -> JSONObject {
        let found = try await service.alias(arn)
        let wasThere = try await service.stored { () throws(StoreError) in
            try await service.store.deleteAlias(named: found.alias.name, ofMachineNamed: found.machine.name)
        }
        guard wasThere else { throw .resourceNotFound(arn) }
        return [:]
    }
}
