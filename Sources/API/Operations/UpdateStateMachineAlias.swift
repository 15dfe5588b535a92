import Engine
import JSON
import Store

/// Changes what an alias says, or the versions that it names; executions that run stay what they are.
struct UpdateStateMachineAlias: Operation {
    let arn: String
    let description: String?
    let routing: RoutingConfiguration?

    init(_ members: inout RequestMembers) throws(ServiceError) {
        arn = try members.string("stateMachineAliasArn", length: 1...256)
        description = try members.optionalStoredString("description", length: 0...256, isSecret: true)
        let routes = try members.list("routingConfiguration", count: 1...2, RoutingConfiguration.route)
        try members.check()
        guard description != nil || routes != nil else {
            throw .validation(
                "Either the description or the routingConfiguration must be specified",
                reason: "MISSING_REQUIRED_PARAMETER"
            )
        }
        routing = try routes.map { routes throws(ServiceError) in try RoutingConfiguration(routes) }
    }

    func answer(from service: Service) async throws(ServiceError) -> JSONObject {
        // A version that is deleted meanwhile shows in the next look.
        for _ in 0..<3 {
            let machine = try await service.alias(arn).machine
            var routes: [AliasRoute]?
            if let routing {
                let resolved = try await routing.resolve(in: service)
                guard resolved.machine.id == machine.id else {
                    throw .validation(
                        "Routing configuration must contain versions of the alias's own state machine.",
                        reason: "INVALID_ROUTING_CONFIGURATION"
                    )
                }
                routes = resolved.routes
            }
            if let updated = try await update(machine, to: routes, in: service) {
                return ["updateDate": .instant(updated.updatedAt)]
            }
        }
        throw .unavailable
    }

    private func update(
        _ machine: StateMachineHead,
        to routes: [AliasRoute]?,
        in service: Service
    ) async throws(ServiceError) -> AliasRecord? {
        guard let name = (try? StateMachineARN(parsing: arn))?.qualifier else { throw .resourceNotFound(arn) }
        return try await service.stored { () throws(StoreError) in
            try await service.store.updateAlias(
                named: name,
                of: machine.id,
                description: description,
                routes: routes
            )
        }
    }
}
