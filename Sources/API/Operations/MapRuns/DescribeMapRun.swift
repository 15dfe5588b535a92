import Engine
import JSON
import Store

/// Shows a map run.
struct DescribeMapRun: Operation {
    let arn: String

    init(_ members: inout RequestMembers) throws(ServiceError) {
        arn = try members.string("mapRunArn", length: 1...2000)
    }

    func answer(from service: Service) async throws(ServiceError) -> JSONObject {
        try await service.mapRun(arn).described(by: service.arns)
    }
}

extension Service {
    /// Finds the map run that an ARN names.
    func mapRun(_ arn: String) async throws(ServiceError) -> MapRunRecord {
        let parsed: MapRunARN
        do { parsed = try MapRunARN(parsing: arn) } catch { throw ServiceError(error) }
        guard arns.own(parsed.scope), let id = MapRunID(parsed.id) else { throw .resourceNotFound(arn) }
        let record = try await stored { () throws(StoreError) in try await store.mapRun(id) }
        guard let record, record.arn(by: arns) == parsed else { throw .resourceNotFound(arn) }
        return record
    }
}
