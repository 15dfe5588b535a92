import Engine
import JSON

/// Shows a map run.
///
/// No state machine that Braid takes has a distributed Map, so there is none to be shown.
struct DescribeMapRun: Operation {
    let arn: String

    init(_ members: inout RequestMembers) throws(ServiceError) {
        arn = try members.string("mapRunArn", length: 1...2000)
    }

    func answer(from service: Service) async throws(ServiceError) -> JSONObject {
        throw service.missingMapRun(arn)
    }
}

extension Service {
    /// Why an ARN names no map run: it is none of one, or there is none of that name.
    func missingMapRun(_ arn: String) -> ServiceError {
        do { _ = try MapRunARN(parsing: arn) } catch { return ServiceError(error) }
        return .resourceNotFound(arn)
    }
}
