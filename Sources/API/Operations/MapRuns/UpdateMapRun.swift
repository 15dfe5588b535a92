import Engine
import JSON
import Store

/// Changes how much of a map run goes on at once, and how many failures it bears.
struct UpdateMapRun: Operation {
    let arn: String
    let maxConcurrency: Int?
    let percentage: Double?
    let count: Int?

    init(_ members: inout RequestMembers) throws(ServiceError) {
        arn = try members.string("mapRunArn", length: 1...2000)
        maxConcurrency = try members.integer("maxConcurrency", in: 0...Int(Int32.max))
        percentage = try members.number("toleratedFailurePercentage", in: 0...100)
        count = try members.integer("toleratedFailureCount", in: 0...Int.max)
        try members.check()
        guard maxConcurrency != nil || percentage != nil || count != nil else {
            throw .validation(
                "Either the maxConcurrency, the toleratedFailurePercentage or the toleratedFailureCount must be specified",
                reason: "MISSING_REQUIRED_PARAMETER"
            )
        }
    }

    func answer(from service: Service) async throws(ServiceError) -> JSONObject {
        let run = try await service.mapRun(arn)
        let isRunning = try await service.stored { () throws(StoreError) in
            try await service.store.updateMapRun(
                run.id,
                maxConcurrency: maxConcurrency,
                toleratedFailures: count,
                toleratedPercentage: percentage
            )
        }
        guard isRunning else {
            throw .validation(
                "Map Run '\(arn)' has ended and cannot be updated",
                reason: "CANNOT_UPDATE_COMPLETED_MAP_RUN"
            )
        }
        service.engine?.changed(run.id)
        service.listsChanged()
        return [:]
    }
}
