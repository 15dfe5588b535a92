import JSON
import Store

/// Deletes a version that no alias names; one that does not exist is deleted already.
struct DeleteStateMachineVersion: Operation {
    let arn: String

    init(_ members: inout RequestMembers) throws(ServiceError) {
        arn = try members.string("stateMachineVersionArn", length: 1...2000)
    }

    func answer(from service: Service) async throws(ServiceError) -> JSONObject {
        let reference: MachineReference
        do { reference = try MachineReference(arn, by: service.arns) } catch {
            guard error.name == "StateMachineDoesNotExist" else { throw error }
            return [:]
        }
        guard case .version(let number, let name) = reference else {
            throw .validation("The ARN must be one of a state machine version. Received: \(arn)")
        }
        let deletion = try await service.stored { () throws(StoreError) in
            try await service.store.deleteVersion(number, ofMachineNamed: name)
        }
        guard case .named(let aliases) = deletion else { return [:] }
        throw .conflict(
            "Version to be deleted must not be referenced by an alias. Current list of aliases referencing this version: [\(aliases.joined(separator: ", "))]"
        )
    }
}
