import JSON
import StatesLanguage
import Store

/// Shows a state machine with its present revision, or one of its versions.
struct DescribeStateMachine: Operation {
    let arn: String
    let includedData: IncludedData

    init(_ members: inout RequestMembers) throws(ServiceError) {
        arn = try members.string("stateMachineArn", length: 1...256)
        includedData = try IncludedData(&members)
    }

    func answer(from service: Service) async throws(ServiceError) -> JSONObject {
        let machine = try await record(in: service)
        var shape = machine.described(by: service.arns, withDefinition: includedData == .all)
        shape["status"] = .string(machine.status.rawValue)
        shape["type"] = .string(machine.type.rawValue)
        shape["creationDate"] = .instant(machine.version?.createdAt ?? machine.createdAt)
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

/// Whether a description shows what may be secret.
enum IncludedData: String, Sendable {
    case all = "ALL_DATA"
    case metadata = "METADATA_ONLY"

    init(_ members: inout RequestMembers) throws(ServiceError) {
        let word = try members.word("includedData", of: ["ALL_DATA", "METADATA_ONLY"])
        self = word.flatMap { IncludedData(rawValue: $0) } ?? .all
    }
}
