import Engine
import JSON
import Store

/// Creates an activity; the same request again finds the one that it created.
struct CreateActivity: Operation {
    let name: String
    let tags: TagList

    init(_ members: inout RequestMembers) throws(ServiceError) {
        name = try members.string("name", length: 1...80)
        tags = try TagList(creating: &members)
        let encryption = try members.structure("encryptionConfiguration", EncryptionConfiguration.init)
        try members.check()
        try encryption?.check()
        try ResourceName.check(name)
    }

    func answer(from service: Service) async throws(ServiceError) -> JSONObject {
        let arn = service.arns.activity(name)
        try tags.check(for: "\(arn)")
        let activity = try await service.stored { () throws(StoreError) in
            try await service.store.createActivity(named: name, tags: tags.values)
        }
        return ["activityArn": .string("\(arn)"), "creationDate": .instant(activity.createdAt)]
    }
}
