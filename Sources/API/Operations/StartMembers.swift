import Engine
import JSON
import StatesLanguage
import Store

/// The members that starting an execution has, whether its end is waited for or not.
struct StartMembers: Sendable {
    /// The ARN without the test case behind it.
    let arn: String
    /// What stands behind `#`: the test case of a mock configuration, as in Step Functions Local.
    let testCase: String?
    let name: String?
    let input: JSONText
    var traceHeader: String?

    init(_ members: inout RequestMembers) throws(ServiceError) {
        let given = try members.string("stateMachineArn", length: 1...256)
        let parts = given.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false).map { String($0) }
        arn = parts[0]
        testCase = parts.count > 1 ? parts[1] : nil
        name = try members.optionalString("name", length: 1...80)
        let text = try members.optionalString("input", length: 0...members.maxPayloadBytes, isSecret: true)
        traceHeader = try members.optionalStoredString("traceHeader", length: 0...256) ?? members.traceHeader
        if let traceHeader, !traceHeader.utf8.allSatisfy({ $0 < 0x80 }) {
            members.violate(
                "traceHeader",
                traceHeader,
                false,
                #"Member must satisfy regular expression pattern: \p{ASCII}*"#
            )
        }
        try members.check()
        if let name { try ResourceName.check(name) }
        do { input = try JSONText(validating: text ?? "{}") } catch {
            throw .invalidExecutionInput("\(error)")
        }
    }

    /// Finds what is to be started, which must be active.
    func target(in service: Service) async throws(ServiceError) -> MachineTarget {
        var generator = SystemRandomNumberGenerator()
        let target = try await service.target(arn, using: &generator)
        guard target.head.status == .active else {
            throw .stateMachineDeleting(service.arns.stateMachine(target.head.name))
        }
        return target
    }

    /// What the engine is asked for.
    func request(_ target: MachineTarget, in service: Service) async throws(ServiceError) -> StartRequest {
        let doubles = try testCase.map { name throws(ServiceError) in
            try service.doubles(of: name, for: target.head.name)
        }
        var request = StartRequest(
            machine: try await service.revision(target.head.revisionID),
            name: name,
            input: input,
            traceHeader: traceHeader,
            version: target.version,
            alias: target.alias
        )
        request.doubles = doubles
        return request
    }
}
