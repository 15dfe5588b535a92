import Engine
import JSON
import Store

/// `routingConfiguration`: one or two versions of one state machine, and how many starts of a hundred each gets.
struct RoutingConfiguration: Sendable {
    /// A version as the request named it.
    struct Route: Sendable {
        let arn: String
        let weight: Int
    }

    let routes: [Route]

    /// Refuses what is not one or two distinct versions of one machine, with weights that sum up to 100.
    init(_ routes: [Route]) throws(ServiceError) {
        self.routes = routes
        let arns = routes.map(\.arn).joined(separator: ", ")
        var machines: Set<StateMachineARN> = []
        for route in routes {
            var machine: StateMachineARN
            do { machine = try StateMachineARN(parsing: route.arn) } catch { throw ServiceError(error) }
            guard machine.label == nil, case .version? = MachineReference(machine) else {
                throw Self.invalid("Routing configuration must contain state machine version ARNs. Received: [\(arns)]")
            }
            machine.qualifier = nil
            machines.insert(machine)
        }
        guard Set(routes.map(\.arn)).count == routes.count else {
            throw Self.invalid(
                "Routing configuration must contain distinct state machine version ARNs. Received: [\(arns)]"
            )
        }
        guard machines.count == 1 else {
            throw Self.invalid(
                "Routing configuration must contain versions of one state machine. Received: [\(arns)]"
            )
        }
        let weights = routes.map(\.weight)
        guard weights.reduce(0, +) == 100 else {
            throw Self.invalid("Sum of routing configuration weights must equal 100. Received: \(weights)")
        }
    }

    /// Reads one of its members.
    static func route(_ member: inout RequestMembers) throws(ServiceError) -> Route {
        Route(
            arn: try member.string("stateMachineVersionArn", length: 1...256),
            weight: try member.requiredInteger("weight", in: 0...100)
        )
    }

    /// Finds the machine, and makes sure that it has these versions.
    func resolve(in service: Service) async throws(ServiceError) -> (machine: StateMachineHead, routes: [AliasRoute]) {
        var machine: StateMachineHead?
        var resolved: [AliasRoute] = []
        for route in routes {
            let (number, head) = try await version(route.arn, in: service)
            machine = head
            resolved.append(AliasRoute(version: number, weight: route.weight))
        }
        guard let machine else { throw .internal }
        guard machine.status == .active else { throw .stateMachineDeleting(service.arns.stateMachine(machine.name)) }
        return (machine, resolved)
    }

    private func version(
        _ arn: String,
        in service: Service
    ) async throws(ServiceError) -> (number: Int, head: StateMachineHead) {
        do throws(ServiceError) {
            guard case .version(let number, let name) = try MachineReference(arn, by: service.arns) else {
                throw ServiceError.resourceNotFound(arn)
            }
            return (number, try await service.versionHead(number, of: name, arn))
        } catch {
            throw error.name == "StateMachineDoesNotExist" ? .resourceNotFound(arn) : error
        }
    }

    private static func invalid(_ message: String) -> ServiceError {
        .validation(message, reason: "INVALID_ROUTING_CONFIGURATION")
    }
}
