import JSON

/// Changes how much of a map run goes on at once, and how many failures it bears.
///
/// No state machine that Braid takes has a distributed Map, so there is none to be changed.
struct UpdateMapRun: Operation {
    let arn: String

    init(_ members: inout RequestMembers) throws(ServiceError) {
        arn = try members.string("mapRunArn", length: 1...2000)
        _ = try members.integer("maxConcurrency", in: 0...Int(Int32.max))
        _ = try members.number("toleratedFailurePercentage", in: 0...100)
        _ = try members.integer("toleratedFailureCount", in: 0...Int.max)
    }

    func answer(from service: Service) async throws(ServiceError) -> JSONObject {
        throw service.missingMapRun(arn)
    }
}
