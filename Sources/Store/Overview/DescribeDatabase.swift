import Postgres
package import StatesLanguage

/// The database as it sees itself.
package struct DatabaseRecord: Sendable, Equatable {
    package var name: String
    /// PostgreSQL's version, such as `15.6`.
    package var version: String
    package var byteCount: Int
    package var now: Timestamp
}

extension Store {
    /// Describes the database: its name, size and version, and its time.
    package func describeDatabase() async throws(StoreError) -> DatabaseRecord {
        let rows = try await query(
            """
            SELECT current_database() AS name, split_part(current_setting('server_version'), ' ', 1) AS version,
                pg_database_size(current_database()) AS byte_count, braid.now() AS now
            """,
            []
        )
        let records = try decode(rows) { row throws(PostgresError) -> DatabaseRecord in
            DatabaseRecord(
                name: try row["name"],
                version: try row["version"],
                byteCount: try row["byte_count"],
                now: try row.timestamp("now")
            )
        }
        guard let record = records.first else { throw .unexpected("no row") }
        return record
    }
}
