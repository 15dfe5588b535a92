import Engine
import JSON
import StatesLanguage
import Store

/// Creates a state machine; the same request again finds the one that it created.
struct CreateStateMachine: Operation {
    let name: String
    let type: StateMachineType
    let content: RevisionContent
    let readsExecutionInput: Bool
    let tags: TagList
    let version: VersionRequest?

    init(_ members: inout RequestMembers) throws(ServiceError) {
        name = try members.string("name", length: 1...80)
        let common = try StateMachineMembers(&members, areRequired: true)
        type = StateMachineType(rawValue: try members.word("type", of: ["STANDARD", "EXPRESS"]) ?? "") ?? .standard
        tags = try TagList(creating: &members)
        try members.check()
        version = try common.version()
        try ResourceName.check(name)
        content = common.content(over: RevisionContent(definition: "", roleARN: ""))
        readsExecutionInput = try checkDefinition(content.definition, type: type).readsExecutionInput
        guard !content.roleARN.utf8.contains(0) else { throw ServiceError(.invalidPrefix(content.roleARN)) }
    }

    func answer(from service: Service) async throws(ServiceError) -> JSONObject {
        let arn = service.arns.stateMachine(name)
        try tags.check(for: "\(arn)")
        // A machine whose last execution has ended frees its name while this looks; a second look settles it.
        for _ in 0..<3 {
            if let created = try await create(in: service) {
                service.listsChanged()
                return shape(of: created, in: service)
            }
            let existing = try await service.stored { () throws(StoreError) in
                try await service.store.findStateMachine(named: name)
            }
            guard let existing else { continue }
            if existing.status == .active {
                guard isSame(as: existing), let known = try await published(existing, in: service) else {
                    throw .stateMachineAlreadyExists(arn)
                }
                return shape(of: known, in: service)
            }
            let status = try await service.stored { () throws(StoreError) in
                try await service.store.deleteStateMachine(named: name)
            }
            if status == .deleting { break }
        }
        throw .stateMachineDeleting(arn)
    }

    private func create(in service: Service) async throws(ServiceError) -> StateMachineRecord? {
        try await service.stored { () throws(StoreError) in
            try await service.store.createStateMachine(
                named: name,
                type: type,
                content: content,
                readsExecutionInput: readsExecutionInput,
                tags: tags.values,
                publishing: version
            )
        }
    }

    /// The machine with the version that the same request published; `nil` where that one published another or none.
    private func published(
        _ existing: StateMachineRecord,
        in service: Service
    ) async throws(ServiceError) -> StateMachineRecord? {
        guard let version else { return existing }
        let known = try await service.stored { () throws(StoreError) in
            try await service.store.findVersion(ofRevision: existing.revisionID, of: existing.id)
        }
        guard let known, known.description == version.description else { return nil }
        var record = existing
        record.version = known
        return record
    }

    /// The role and the tags are not compared, as AWS has it; the definition is, to the letter.
    private func isSame(as existing: StateMachineRecord) -> Bool {
        var held = RevisionContent(of: existing)
        held.roleARN = content.roleARN
        return existing.type == type && held == content
    }

    private func shape(of record: StateMachineRecord, in service: Service) -> JSONObject {
        var shape: JSONObject = [
            "stateMachineArn": .string("\(service.arns.stateMachine(name))"),
            "creationDate": .instant(record.createdAt),
        ]
        if let version = record.version {
            shape["stateMachineVersionArn"] = .string("\(service.arns.version(version.number, of: name))")
        }
        return shape
    }
}
