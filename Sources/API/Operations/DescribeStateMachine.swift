import Engine
import JSON
import StatesLanguage
import Store

/// Shows a state machine with its present revision, one of its versions, or what a distributed Map of it runs.
struct DescribeStateMachine: Operation {
    let arn: String
    let includedData: IncludedData

    init(_ members: inout RequestMembers) throws(ServiceError) {
        arn = try members.string("stateMachineArn", length: 1...256)
        includedData = try IncludedData(&members)
    }

    func answer(from service: Service) async throws(ServiceError) -> JSONObject {
        if let part = try? StateMachineARN(parsing: arn), let label = part.label, part.qualifier == nil {
            return try await answer(part, label, from: service)
        }
        let machine = try await record(in: service)
        var shape = machine.described(by: service.arns, withDefinition: includedData == .all)
        shape["status"] = .string(machine.status.rawValue)
        shape["type"] = .string(machine.type.rawValue)
        shape["creationDate"] = .instant(machine.version?.createdAt ?? machine.createdAt)
        return shape
    }

    /// Shows the processor of the distributed Map that has a label, as the machine whose executions its children are.
    private func answer(
        _ part: StateMachineARN,
        _ label: String,
        from service: Service
    ) async throws(ServiceError) -> JSONObject {
        guard service.arns.own(part.scope) else { throw .stateMachineDoesNotExist(arn) }
        let record = try await service.stored { () throws(StoreError) in
            try await service.store.findStateMachine(named: part.name)
        }
        guard let record, let processor = try? JSONValue(parsing: record.definition).processor(ofMapLabelled: label)
        else { throw .stateMachineDoesNotExist(arn) }
        var shape = record.described(by: service.arns, withDefinition: false)
        shape["stateMachineArn"] = .string("\(part)")
        shape["label"] = .string(label)
        // Nothing of it is encrypted, and AWS leaves nothing out of such an answer.
        shape["definition"] = .string(JSONText(processor).text)
        shape["status"] = .string(record.status.rawValue)
        shape["type"] = processor["ProcessorConfig"]?["ExecutionType"] ?? "STANDARD"
        shape["creationDate"] = .instant(record.createdAt)
        return shape
    }

    private func record(in service: Service) async throws(ServiceError) -> StateMachineRecord {
        guard case .version(let number, let name) = try MachineReference(arn, by: service.arns) else {
            return try await service.stateMachine(arn)
        }
        let record = try await service.stored { () throws(StoreError) in
            try await service.store.findVersion(number, ofMachineNamed: name)
        }
        guard let record else { throw .stateMachineDoesNotExist(arn) }
        return record
    }
}

extension JSONValue {
    /// The processor of the distributed Map with a label, of a machine or of a graph inside one.
    fileprivate func processor(ofMapLabelled label: String) -> JSONValue? {
        for (name, state) in self["States"]?.object ?? [:] {
            let processor = state["ItemProcessor"] ?? state["Iterator"]
            if let processor, processor["ProcessorConfig"]?["Mode"]?.string == "DISTRIBUTED",
                state["Label"]?.string ?? MapState.runLabel(ofUnlabelled: name) == label
            {
                return processor
            }
            for graph in (state["Branches"]?.array ?? []) + (processor.map { [$0] } ?? []) {
                if let found = graph.processor(ofMapLabelled: label) { return found }
            }
        }
        return nil
    }
}

/// Whether a description shows what may be secret.
enum IncludedData: String, Sendable {
    case all = "ALL_DATA"
    case metadata = "METADATA_ONLY"

    init(_ members: inout RequestMembers) throws(ServiceError) {
        let word = try members.word("includedData", of: ["ALL_DATA", "METADATA_ONLY"])
        self = word.flatMap { IncludedData(rawValue: $0) } ?? .all
    }
}
