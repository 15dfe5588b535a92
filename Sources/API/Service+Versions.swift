import Engine
import Store

/// A state machine as executions of it are started or listed.
struct MachineTarget: Sendable {
    /// The machine, with the revision that is to be run.
    var head: StateMachineHead
    var version: Int?
    var alias: String?
}

extension Service {
    /// Finds what an execution runs that is started by an ARN: the machine's present revision, a version's, or that of the
    /// version which an alias chooses.
    func target(
        _ arn: String,
        using generator: inout some RandomNumberGenerator
    ) async throws(ServiceError) -> MachineTarget {
        switch try MachineReference(arn, by: arns) {
        case .machine:
            return MachineTarget(head: try await stateMachineHead(arn))
        case .version(let number, let name):
            return MachineTarget(head: try await versionHead(number, of: name, arn), version: number)
        case .alias(let alias, let name):
            let found = try await self.alias(alias, of: name)
            guard let route = found?.alias.content.route(using: &generator) else {
                throw .stateMachineDoesNotExist(arn)
            }
            let head = try await versionHead(route.version, of: name, arn)
            return MachineTarget(head: head, version: route.version, alias: alias)
        }
    }

    /// Finds the machine that a version is of, with the version's revision.
    func versionHead(
        _ number: Int,
        of name: String,
        _ arn: String
    ) async throws(ServiceError) -> StateMachineHead {
        let head = try await stored { () throws(StoreError) in
            try await store.findVersionHead(number, ofMachineNamed: name)
        }
        guard let head else { throw .stateMachineDoesNotExist(arn) }
        return head
    }

    /// Finds an alias, and the machine that it is of.
    func alias(
        _ alias: String,
        of name: String
    ) async throws(ServiceError) -> (alias: AliasRecord, machine: StateMachineHead)? {
        try await stored { () throws(StoreError) in try await store.findAlias(named: alias, ofMachineNamed: name) }
    }

    /// Finds the alias that an ARN names; any other ARN of a machine names no such resource.
    func alias(_ arn: String) async throws(ServiceError) -> (alias: AliasRecord, machine: StateMachineHead) {
        let machine: StateMachineARN
        do { machine = try StateMachineARN(parsing: arn) } catch { throw ServiceError(error) }
        guard arns.own(machine.scope), machine.label == nil,
            case .alias(let alias, let name)? = MachineReference(machine),
            let found = try await self.alias(alias, of: name)
        else { throw .resourceNotFound(arn) }
        return found
    }
}
