import JSON
import Store

/// Lists the tags of a state machine or an activity, by key.
struct ListTagsForResource: Operation {
    let arn: String

    init(_ members: inout RequestMembers) throws(ServiceError) {
        arn = try members.string("resourceArn", length: 1...256)
    }

    func answer(from service: Service) async throws(ServiceError) -> JSONObject {
        let owner = try service.tagOwner(arn)
        let tags = try await service.stored { () throws(StoreError) in try await service.store.readTags(of: owner) }
        guard let tags else { throw .resourceNotFound(arn) }
        return ["tags": TagList.shape(of: tags)]
    }
}
