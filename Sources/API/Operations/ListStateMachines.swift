import Engine
import JSON
import StatesLanguage
import Store

/// Lists state machines by name.
struct ListStateMachines: Operation {
    let page: PageRequest

    init(_ members: inout RequestMembers) throws(ServiceError) { page = try PageRequest(&members) }

    func answer(from service: Service) async throws(ServiceError) -> JSONObject {
        let list = PagedList("ListStateMachines")
        let place = try page.place(in: list)
        let found = try await service.stored { () throws(StoreError) in
            try await service.store.listStateMachines(after: place, limit: page.limit + 1)
        }
        let (machines, next) = page.page(of: found, in: list) { $0.name }
        var shape: JSONObject = [
            "stateMachines": .array(
                machines.map { machine in
                    [
                        "stateMachineArn": .string("\(service.arns.stateMachine(machine.name))"),
                        "name": .string(machine.name),
                        "type": .string(machine.type.rawValue),
                        "creationDate": .instant(machine.createdAt),
                    ]
                }
            )
        ]
        if let next { shape["nextToken"] = .string(next) }
        return shape
    }
}
