import JSON
import Store

/// Lists the map runs of an execution, those that began last first.
struct ListMapRuns: Operation {
    let arn: String
    let page: PageRequest

    init(_ members: inout RequestMembers) throws(ServiceError) {
        arn = try members.string("executionArn", length: 1...256)
        page = try PageRequest(&members)
    }

    func answer(from service: Service) async throws(ServiceError) -> JSONObject {
        let execution = try await service.execution(arn)
        let list = PagedList("ListMapRuns", arn)
        let place = try page.place(in: list).flatMap { MapRunPlace($0) }
        let found = try await service.stored { () throws(StoreError) in
            try await service.store.listMapRuns(of: execution.id, after: place, limit: page.limit + 1)
        }
        let (runs, next) = page.page(of: found, in: list) { MapRunPlace(of: $0).description }
        var shape: JSONObject = ["mapRuns": .array(runs.map { .object($0.shape(by: service.arns)) })]
        if let next { shape["nextToken"] = .string(next) }
        return shape
    }
}
