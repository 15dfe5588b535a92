import Engine
import JSON
import Store

/// Publishes a state machine's present revision as a version, or finds the version that it was published as.
struct PublishStateMachineVersion: Operation {
    let arn: String
    let revision: String?
    let version: VersionRequest

    init(_ members: inout RequestMembers) throws(ServiceError) {
        arn = try members.string("stateMachineArn", length: 1...256)
        revision = try members.optionalString("revisionId", length: 0...Int.max)
        let description = try members.optionalStoredString("description", length: 0...256, isSecret: true)
        version = VersionRequest(description: description)
    }

    func answer(from service: Service) async throws(ServiceError) -> JSONObject {
        while true {
            let machine = try await service.stateMachine(arn)
            guard machine.status == .active else {
                throw .stateMachineDeleting(service.arns.stateMachine(machine.name))
            }
            let present = machine.revision ?? "INITIAL"
            if let revision, revision != present {
                throw .conflict(
                    "Failed to publish the State Machine version for revision \(revision). The current State Machine revision is \(present)."
                )
            }
            let published = try await service.stored { () throws(StoreError) in
                try await service.store.publishVersion(of: machine.id, revision: machine.revisionID, as: version)
            }
            if let published {
                return [
                    "creationDate": .instant(published.createdAt),
                    "stateMachineVersionArn": .string("\(service.arns.version(published.number, of: machine.name))"),
                ]
            }
            // Somebody else updated it meanwhile: what is published is what it is now.
            guard !Task.isCancelled else { throw .unavailable }
        }
    }
}
