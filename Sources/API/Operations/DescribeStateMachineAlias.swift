import JSON
import Store

/// Shows an alias.
struct DescribeStateMachineAlias: Operation {
    let arn: String

    init(_ members: inout RequestMembers) throws(ServiceError) {
        arn = try members.string("stateMachineAliasArn", length: 1...256)
    }

    func answer(from service: Service) async throws(ServiceError) -> JSONObject {
        let found = try await service.alias(arn)
        return found.alias.described(of: found.machine.name, by: service.arns)
    }
}
