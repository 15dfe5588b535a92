import JSON
import Store

/// Gives a state machine or an activity tags, in place of those of the same keys.
struct TagResource: Operation {
    let arn: String
    let tags: TagList

    init(_ members: inout RequestMembers) throws(ServiceError) {
        arn = try members.string("resourceArn", length: 1...256)
        tags = try TagList(adding: &members)
    }

    func answer(from service: Service) async throws(ServiceError) -> JSONObject {
        let owner = try service.tagOwner(arn)
        let outcome = try await service.stored { () throws(StoreError) in
            try await service.store.addTags(tags.values, to: owner, limit: TagList.limit)
        }
        switch outcome {
        case .done: return [:]
        case .tooMany: throw .tooManyTags(arn)
        case .notFound: throw .resourceNotFound(arn)
        }
    }
}
