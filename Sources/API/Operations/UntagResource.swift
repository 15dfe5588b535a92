import JSON
import Store

/// Takes tags from a state machine or an activity; keys that it does not have are no error.
struct UntagResource: Operation {
    let arn: String
    let keys: [String]

    init(_ members: inout RequestMembers) throws(ServiceError) {
        arn = try members.string("resourceArn", length: 1...256)
        // No tag has a key with U+0000, and the store cannot be asked for one.
        keys = try members.requiredStrings("tagKeys", length: 1...128).filter { !$0.utf8.contains(0) }
    }

    func answer(from service: Service) async throws(ServiceError) -> JSONObject {
        let owner = try service.tagOwner(arn)
        let isFound = try await service.stored { () throws(StoreError) in
            try await service.store.removeTags(keys, from: owner)
        }
        guard isFound else { throw .resourceNotFound(arn) }
        return [:]
    }
}
