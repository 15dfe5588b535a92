import Postgres

extension Store {
    /// Lists the aliases of a state machine by name, behind the last name of the page before.
    ///
    /// Only those that name a version, where one is given.
    package func listAliases(
        of machine: StateMachineID,
        naming version: Int?,
        after name: String?,
        limit: Int
    ) async throws(StoreError) -> [AliasRecord] {
        let rows = try await query(
            """
            SELECT \(AliasRecord.columns) FROM braid.state_machine_aliases AS aliases
            WHERE aliases.state_machine_id = $1 AND aliases.name > $2
                AND ($3::int4 IS NULL OR $3::int4 IN (aliases.version, aliases.second_version))
            ORDER BY aliases.name LIMIT $4
            """,
            [
                .int8(machine.rawValue), .text(name ?? ""), .optional(version) { .int4(Int32(clamping: $0)) },
                .int(limit),
            ]
        )
        return try decode(rows, AliasRecord.init)
    }
}
