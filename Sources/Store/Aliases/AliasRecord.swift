import Postgres
package import StatesLanguage

/// A version that an alias sends executions to, and how many of a hundred.
package struct AliasRoute: Sendable, Equatable {
    package var version: Int
    /// 0 to 100.
    package var weight: Int

    package init(version: Int, weight: Int) {
        self.version = version
        self.weight = weight
    }
}

/// What an alias says: one version, or two among which starts are divided.
package struct AliasContent: Sendable, Equatable {
    package var description: String?
    /// One or two, of distinct versions; their weights sum up to 100.
    package var routes: [AliasRoute]

    package init(description: String? = nil, routes: [AliasRoute]) {
        self.description = description
        self.routes = routes
    }

    /// Chooses a route, each as often as its weight says.
    package func route(using generator: inout some RandomNumberGenerator) -> AliasRoute? {
        var left = Int.random(in: 0..<max(routes.reduce(0) { $0 + $1.weight }, 1), using: &generator)
        for route in routes {
            if left < route.weight { return route }
            left -= route.weight
        }
        return routes.last
    }

    /// The values of `version, weight, second_version, second_weight`.
    var routeValues: [PostgresValue] {
        let second = routes.dropFirst().first
        return [
            .optional(routes.first?.version) { .int4(Int32(clamping: $0)) },
            .optional(routes.first?.weight) { .int4(Int32(clamping: $0)) },
            .optional(second?.version) { .int4(Int32(clamping: $0)) },
            .optional(second?.weight) { .int4(Int32(clamping: $0)) },
        ]
    }
}

/// An alias of a state machine.
package struct AliasRecord: Sendable, Equatable {
    package var name: String
    package var content: AliasContent
    package var createdAt: Timestamp
    package var updatedAt: Timestamp
}

extension AliasRecord {
    /// The columns that ``init(_:)`` reads, of `aliases`.
    static let columns = """
        aliases.name AS alias, aliases.description AS alias_description, aliases.version AS alias_version,
        aliases.weight AS alias_weight, aliases.second_version, aliases.second_weight,
        aliases.created_at AS alias_created_at, aliases.updated_at AS alias_updated_at
        """

    init(_ row: Row) throws(PostgresError) {
        name = try row["alias"]
        var routes = [AliasRoute(version: try row["alias_version"], weight: try row["alias_weight"])]
        if let version: Int = try row["second_version"], let weight: Int = try row["second_weight"] {
            routes.append(AliasRoute(version: version, weight: weight))
        }
        content = AliasContent(description: try row["alias_description"], routes: routes)
        createdAt = try row.timestamp("alias_created_at")
        updatedAt = try row.timestamp("alias_updated_at")
    }
}
