import Postgres

extension Store {
    /// Changes an alias; the time of its last change stays where nothing differs.
    ///
    /// - Parameters:
    ///   - name: The alias.
    ///   - machine: Whose alias it is.
    ///   - description: The new one; `nil` leaves it.
    ///   - routes: The new ones; `nil` leaves them.
    /// - Throws: When the database does not do it.
    /// - Returns: The alias; `nil` if there is none of that name, or a version does not exist.
    package func updateAlias(
        named name: String,
        of machine: StateMachineID,
        description: String?,
        routes: [AliasRoute]?
    ) async throws(StoreError) -> AliasRecord? {
        do {
            let rows = try await query(
                """
                WITH wanted AS (
                    SELECT state_machine_id, name, coalesce($3::text, description) AS description,
                        CASE WHEN $8 THEN $4::int4 ELSE version END AS version,
                        CASE WHEN $8 THEN $5::int4 ELSE weight END AS weight,
                        CASE WHEN $8 THEN $6::int4 ELSE second_version END AS second_version,
                        CASE WHEN $8 THEN $7::int4 ELSE second_weight END AS second_weight
                    FROM braid.state_machine_aliases WHERE state_machine_id = $1 AND name = $2
                    FOR NO KEY UPDATE
                )
                UPDATE braid.state_machine_aliases AS aliases
                SET description = wanted.description, version = wanted.version, weight = wanted.weight,
                    second_version = wanted.second_version, second_weight = wanted.second_weight,
                    updated_at = CASE
                        WHEN (wanted.description, wanted.version, wanted.weight, wanted.second_version,
                            wanted.second_weight)
                            IS NOT DISTINCT FROM (aliases.description, aliases.version, aliases.weight,
                                aliases.second_version, aliases.second_weight) THEN aliases.updated_at
                        ELSE braid.now()
                    END
                FROM wanted
                WHERE aliases.state_machine_id = wanted.state_machine_id AND aliases.name = wanted.name
                RETURNING \(AliasRecord.columns)
                """,
                [.int8(machine.rawValue), .text(name), .optional(description, PostgresValue.text)]
                    + AliasContent(routes: routes ?? []).routeValues + [.bool(routes != nil)]
            )
            return try decode(rows, AliasRecord.init).first
        } catch .refused(state: "23503", _) {
            return nil
        } catch {
            throw error
        }
    }
}
