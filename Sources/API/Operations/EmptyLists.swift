import Engine
import JSON

/// Lists the versions of a state machine: none, as none can be published yet.
struct ListStateMachineVersions: Operation {
    let arn: String
    let page: PageRequest

    init(_ members: inout RequestMembers) throws(ServiceError) {
        arn = try members.string("stateMachineArn", length: 1...256)
        page = try PageRequest(&members)
    }

    func answer(from service: Service) async throws(ServiceError) -> JSONObject {
        guard page.token == nil else { throw .invalidToken }
        _ = try await service.stateMachineHead(arn)
        return ["stateMachineVersions": []]
    }
}

/// Lists the aliases of a state machine: none, as none can be made yet.
struct ListStateMachineAliases: Operation {
    let arn: String
    let page: PageRequest

    init(_ members: inout RequestMembers) throws(ServiceError) {
        arn = try members.string("stateMachineArn", length: 1...256)
        page = try PageRequest(&members)
    }

    func answer(from service: Service) async throws(ServiceError) -> JSONObject {
        guard page.token == nil else { throw .invalidToken }
        _ = try await service.stateMachineHead(arn)
        return ["stateMachineAliases": []]
    }
}

/// Lists the tags of a state machine: none, as creating one with tags is refused so far.
struct ListTagsForResource: Operation {
    let arn: String

    init(_ members: inout RequestMembers) throws(ServiceError) {
        arn = try members.string("resourceArn", length: 1...256)
    }

    func answer(from service: Service) async throws(ServiceError) -> JSONObject {
        do {
            _ = try await service.stateMachineHead(arn)
        } catch  where error.name == "StateMachineDoesNotExist" {
            throw .resourceNotFound(arn)
        }
        return ["tags": []]
    }
}
