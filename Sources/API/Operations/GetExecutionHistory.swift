import JSON
import Store

/// Shows a page of an execution's history, forward or back; ids are the same either way.
struct GetExecutionHistory: Operation {
    let arn: String
    let page: PageRequest
    let isReverse: Bool
    let withData: Bool

    init(_ members: inout RequestMembers) throws(ServiceError) {
        arn = try members.string("executionArn", length: 1...256)
        page = try PageRequest(&members)
        isReverse = try members.boolean("reverseOrder") ?? false
        withData = try members.boolean("includeExecutionData") ?? true
    }

    func answer(from service: Service) async throws(ServiceError) -> JSONObject {
        let execution = try await service.execution(arn)
        let list = PagedList("GetExecutionHistory", arn, isReverse ? "back" : "forward")
        let place = try page.place(in: list).flatMap { Int($0) }
        let history = try await service.stored { () throws(StoreError) in
            try await service.store.readHistory(
                of: execution.id,
                from: place,
                limit: page.limit,
                reverse: isReverse
            )
        }
        var shape: JSONObject = ["events": .array(history.events.map { .object($0.shape(withData: withData)) })]
        if let next = history.next { shape["nextToken"] = .string(list.token(at: "\(next)")) }
        return shape
    }
}
