import Engine
import JSON
import Store

/// Lists the versions of a state machine, the newest first.
struct ListStateMachineVersions: Operation {
    let arn: String
    let page: PageRequest

    init(_ members: inout RequestMembers) throws(ServiceError) {
        arn = try members.string("stateMachineArn", length: 1...256)
        page = try PageRequest(&members)
    }

    func answer(from service: Service) async throws(ServiceError) -> JSONObject {
        let machine = try await service.stateMachineHead(arn)
        let list = PagedList("ListStateMachineVersions", arn)
        let place = try page.place(in: list).flatMap { Int($0) }
        let found = try await service.stored { () throws(StoreError) in
            try await service.store.listVersions(of: machine.id, before: place, limit: page.limit + 1)
        }
        let (versions, next) = page.page(of: found, in: list) { "\($0.number)" }
        var shape: JSONObject = [
            "stateMachineVersions": .array(
                versions.map { version in
                    [
                        "stateMachineVersionArn": .string("\(service.arns.version(version.number, of: machine.name))"),
                        "creationDate": .instant(version.createdAt),
                    ]
                }
            )
        ]
        if let next { shape["nextToken"] = .string(next) }
        return shape
    }
}
