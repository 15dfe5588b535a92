import JSON

/// Lists the map runs of an execution.
///
/// No state machine that Braid takes has a distributed Map, so there are none.
struct ListMapRuns: Operation {
    let arn: String
    let page: PageRequest

    init(_ members: inout RequestMembers) throws(ServiceError) {
        arn = try members.string("executionArn", length: 1...256)
        page = try PageRequest(&members)
    }

    func answer(from service: Service) async throws(ServiceError) -> JSONObject {
        _ = try await service.execution(arn)
        _ = try page.place(in: PagedList("ListMapRuns", arn))
        return ["mapRuns": []]
    }
}
