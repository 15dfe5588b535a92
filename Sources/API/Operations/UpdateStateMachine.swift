import Engine
import JSON
import StatesLanguage
import Store

/// Gives a state machine a new revision, unless nothing would differ, and publishes it where asked;
/// executions that run keep theirs.
struct UpdateStateMachine: Operation {
    let arn: String
    let changes: StateMachineMembers
    let version: VersionRequest?

    init(_ members: inout RequestMembers) throws(ServiceError) {
        arn = try members.string("stateMachineArn", length: 1...256)
        changes = try StateMachineMembers(&members, areRequired: false)
        try members.check()
        version = try changes.version()
        guard
            changes.definition != nil || changes.roleARN != nil || changes.logging != nil || changes.tracing != nil
                || changes.encryption != nil
        else {
            throw ServiceError(
                "MissingRequiredParameter",
                "Either the definition, the role ARN, the LoggingConfiguration, or the TracingConfiguration must be specified"
            )
        }
    }

    func answer(from service: Service) async throws(ServiceError) -> JSONObject {
        var readsInput: Bool?
        while true {
            let machine = try await service.stateMachine(arn)
            guard machine.status == .active else {
                throw .stateMachineDeleting(service.arns.stateMachine(machine.name))
            }
            if let definition = changes.definition, readsInput == nil {
                readsInput = try checkDefinition(definition, type: machine.type).readsExecutionInput
            }
            let held = RevisionContent(of: machine)
            let wanted = changes.content(over: held)
            if wanted == held {
                if let same = try await published(machine, in: service) { return shape(of: same, in: service) }
            } else {
                let reads = readsInput
                let updated = try await service.stored { () throws(StoreError) in
                    try await service.store.updateStateMachine(
                        machine.id,
                        from: machine.revisionID,
                        to: wanted,
                        readsExecutionInput: reads,
                        publishing: version
                    )
                }
                if let updated { return shape(of: updated, in: service) }
            }
            // Somebody else updated it meanwhile: what was left out here is taken from what it is now.
            guard !Task.isCancelled else { throw .unavailable }
        }
    }

    /// The machine as it is, its revision published where asked; `nil` if it has another revision by now.
    private func published(
        _ machine: StateMachineRecord,
        in service: Service
    ) async throws(ServiceError) -> StateMachineRecord? {
        guard let version else { return machine }
        var machine = machine
        machine.version = try await service.stored { () throws(StoreError) in
            try await service.store.publishVersion(of: machine.id, revision: machine.revisionID, as: version)
        }
        return machine.version == nil ? nil : machine
    }

    private func shape(of record: StateMachineRecord, in service: Service) -> JSONObject {
        var shape: JSONObject = ["updateDate": .instant(record.revisionCreatedAt)]
        if let revision = record.revision { shape["revisionId"] = .string(revision) }
        if let version = record.version {
            shape["stateMachineVersionArn"] = .string("\(service.arns.version(version.number, of: record.name))")
        }
        return shape
    }
}
