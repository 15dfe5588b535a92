import Postgres

/// What came of deleting a version.
package enum VersionDeletion: Sendable, Equatable {
    /// It is not there any more, or never was.
    case done
    /// These aliases name it.
    case named(by: [String])
}

extension Store {
    /// Deletes a version, unless an alias names it; executions that it started keep its revision.
    ///
    /// The foreign keys of aliases decide, also between this and an alias that is made in this moment.
    package func deleteVersion(
        _ number: Int,
        ofMachineNamed name: String
    ) async throws(StoreError) -> VersionDeletion {
        do {
            _ = try await query(
                """
                DELETE FROM braid.state_machine_versions AS versions USING braid.state_machines AS machines
                WHERE machines.name = $1 AND machines.status <> 'DELETED'
                    AND versions.state_machine_id = machines.state_machine_id AND versions.version = $2
                """,
                [.text(name), .int4(Int32(clamping: number))]
            )
            return .done
        } catch .refused(state: "23503", _) {
            return .named(by: try await aliases(naming: number, ofMachineNamed: name))
        } catch {
            throw error
        }
    }

    private func aliases(naming number: Int, ofMachineNamed name: String) async throws(StoreError) -> [String] {
        let rows = try await query(
            """
            SELECT aliases.name FROM braid.state_machine_aliases AS aliases
            JOIN braid.state_machines AS machines USING (state_machine_id)
            WHERE machines.name = $1 AND machines.status <> 'DELETED'
                AND $2 IN (aliases.version, aliases.second_version)
            ORDER BY aliases.name
            """,
            [.text(name), .int4(Int32(clamping: number))]
        )
        return try decode(rows) { row throws(PostgresError) -> String in try row[0] }
    }
}
