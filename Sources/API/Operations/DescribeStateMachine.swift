import JSON
import StatesLanguage
import Store

/// Shows a state machine with its present revision.
struct DescribeStateMachine: Operation {
    let arn: String
    let includedData: IncludedData

    init(_ members: inout RequestMembers) throws(ServiceError) {
        arn = try members.string("stateMachineArn", length: 1...256)
        includedData = try IncludedData(&members)
    }

    func answer(from service: Service) async throws(ServiceError) -> JSONObject {
        let machine = try await service.stateMachine(arn)
        var shape = machine.described(by: service.arns, withDefinition: includedData == .all)
        shape["status"] = .string(machine.status.rawValue)
        shape["type"] = .string(machine.type.rawValue)
        shape["creationDate"] = .instant(machine.createdAt)
        return shape
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
