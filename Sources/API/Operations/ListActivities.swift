import JSON
import Store

/// Lists activities by name.
struct ListActivities: Operation {
    let page: PageRequest

    init(_ members: inout RequestMembers) throws(ServiceError) { page = try PageRequest(&members) }

    func answer(from service: Service) async throws(ServiceError) -> JSONObject {
        let list = PagedList("ListActivities")
        let place = try page.place(in: list)
        let found = try await service.stored { () throws(StoreError) in
            try await service.store.listActivities(after: place, limit: page.limit + 1)
        }
        let (activities, next) = page.page(of: found, in: list) { $0.name }
        var shape: JSONObject = ["activities": .array(activities.map { .object($0.shape(by: service.arns)) })]
        if let next { shape["nextToken"] = .string(next) }
        return shape
    }
}
