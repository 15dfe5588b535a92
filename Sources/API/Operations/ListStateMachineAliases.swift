import Engine
import JSON
import Store

/// Lists the aliases of a state machine by name, or those that name one of its versions.
///
/// By name is the order in which AWS was recorded; its documentation says newest first.
struct ListStateMachineAliases: Operation {
    let arn: String
    let page: PageRequest

    init(_ members: inout RequestMembers) throws(ServiceError) {
        arn = try members.string("stateMachineArn", length: 1...256)
        page = try PageRequest(&members)
    }

    func answer(from service: Service) async throws(ServiceError) -> JSONObject {
        let (machine, version) = try await machine(in: service)
        let list = PagedList("ListStateMachineAliases", arn)
        let place = try page.place(in: list)
        let found = try await service.stored { () throws(StoreError) in
            try await service.store.listAliases(of: machine.id, naming: version, after: place, limit: page.limit + 1)
        }
        let (aliases, next) = page.page(of: found, in: list) { $0.name }
        var shape: JSONObject = [
            "stateMachineAliases": .array(aliases.map { .object($0.shape(of: machine.name, by: service.arns)) })
        ]
        if let next { shape["nextToken"] = .string(next) }
        return shape
    }

    private func machine(
        in service: Service
    ) async throws(ServiceError) -> (machine: StateMachineHead, version: Int?) {
        guard case .version(let number, let name) = try MachineReference(arn, by: service.arns) else {
            return (try await service.stateMachineHead(arn), nil)
        }
        return (try await service.versionHead(number, of: name, arn), number)
    }
}
