import JSON
import Store

/// Deletes an activity; one that does not exist is deleted already.
struct DeleteActivity: Operation {
    let arn: String

    init(_ members: inout RequestMembers) throws(ServiceError) {
        arn = try members.string("activityArn", length: 1...256)
    }

    func answer(from service: Service) async throws(ServiceError) -> JSONObject {
        guard let name = try service.activityName(in: arn) else { return [:] }
        try await service.stored { () throws(StoreError) in try await service.store.deleteActivity(named: name) }
        return [:]
    }
}
