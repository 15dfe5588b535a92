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

    init(_ members: inout RequestMembers) throws(ServiceError) {
        name = try members.string("name", length: 1...80)
        let common = try StateMachineMembers(&members, areRequired: true)
        type = StateMachineType(rawValue: try members.word("type", of: ["STANDARD", "EXPRESS"]) ?? "") ?? .standard
        let tags = try members.list("tags") { tag throws(ServiceError) in
            try (tag.string("key", length: 1...128), tag.optionalString("value", length: 0...256))
        }
        try members.check()
        try ResourceName.check(name)
        guard tags?.isEmpty ?? true else { throw .validation("Braid does not keep tags yet") }
        content = common.content(over: RevisionContent(definition: "", roleARN: ""))
        readsExecutionInput = try checkDefinition(content.definition, type: type).readsExecutionInput
        guard !content.roleARN.utf8.contains(0) else { throw ServiceError(.invalidPrefix(content.roleARN)) }
    }

    func answer(from service: Service) async throws(ServiceError) -> JSONObject {
        let arn = service.arns.stateMachine(name)
        // A machine whose last execution has ended frees its name while this looks; a second look settles it.
        for _ in 0..<3 {
            if let created = try await create(in: service) { return shape(of: created, arn) }
            let existing = try await service.stored { () throws(StoreError) in
                try await service.store.findStateMachine(named: name)
            }
            guard let existing else { continue }
            if existing.status == .active {
                guard isSame(as: existing) else { throw .stateMachineAlreadyExists(arn) }
                return shape(of: existing, arn)
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
                readsExecutionInput: readsExecutionInput
            )
        }
    }

    /// The role is not compared, as AWS has it; the definition is, to the letter.
    private func isSame(as existing: StateMachineRecord) -> Bool {
        var held = RevisionContent(of: existing)
        held.roleARN = content.roleARN
        return existing.type == type && held == content
    }

    private func shape(of record: StateMachineRecord, _ arn: StateMachineARN) -> JSONObject {
        ["stateMachineArn": .string("\(arn)"), "creationDate": .instant(record.createdAt)]
    }
}
