import Engine
import JSON
import Store

/// Creates an alias of one version or two; the same request again finds the one that it created.
struct CreateStateMachineAlias: Operation {
    let name: String
    let description: String?
    let routing: RoutingConfiguration

    init(_ members: inout RequestMembers) throws(ServiceError) {
        description = try members.optionalStoredString("description", length: 0...256, isSecret: true)
        name = try members.string("name", length: 1...80, pattern: AliasName.pattern, matches: AliasName.isValid)
        let routes = try members.requiredList("routingConfiguration", count: 1...2, RoutingConfiguration.route)
        try members.check()
        routing = try RoutingConfiguration(routes)
    }

    func answer(from service: Service) async throws(ServiceError) -> JSONObject {
        // An alias or a version that comes or goes meanwhile shows in the next look.
        for _ in 0..<3 {
            let (machine, routes) = try await routing.resolve(in: service)
            let content = AliasContent(description: description, routes: routes)
            if let known = try await service.alias(name, of: machine.name)?.alias {
                guard known.content == content else {
                    throw .conflict(
                        "Failed to create alias because an alias with the same name and a different routing configuration already exists."
                    )
                }
                return known.shape(of: machine.name, by: service.arns)
            }
            let made = try await service.stored { () throws(StoreError) in
                try await service.store.createAlias(named: name, of: machine.id, content: content)
            }
            if let made { return made.shape(of: machine.name, by: service.arns) }
        }
        throw .unavailable
    }
}

/// The rule that the names of aliases follow (reference §18).
enum AliasName {
    static let pattern = #"^(?=.*[a-zA-Z_\-\.])[a-zA-Z0-9_\-\.]+$"#

    /// Letters, digits, `_`, `-` and `.` of ASCII, and not only digits: those are versions' numbers.
    static func isValid(_ name: String) -> Bool {
        let isDigit: (Character) -> Bool = { $0.isASCII && $0.isNumber }
        return name.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "_-.".contains($0)) }
            && !name.allSatisfy(isDigit)
    }
}
