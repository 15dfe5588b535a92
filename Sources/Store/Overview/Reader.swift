package import JSON
package import Postgres

/// Answers people's own SQL, on connections of a role that may read and nothing else.
///
/// The role is what protects: a transaction that is said to be read-only keeps a superuser from nothing. So those
/// connections are made as that role from the start, and whoever gives a URL for them gives one of such a role.
package struct Reader: Sendable {
    /// The role's name in the embedded PostgreSQL.
    package static let role = "braid_reader"

    private let pool: Pool

    /// - Parameter settings: Where the database is, as a role that may only read.
    package init(_ settings: ConnectionSettings) {
        let session = [
            "statement_timeout": "10s", "idle_in_transaction_session_timeout": "10s",
            "default_transaction_read_only": "on", "search_path": "braid, public", "timezone": "UTC",
        ]
        pool = Pool(settings.with { $0.session = session }, limit: 2, patience: .seconds(5))
    }

    /// What a query gave.
    package struct Answer: Sendable {
        /// Each an object, a member a column.
        package var rows: [JSONValue]
        package var hasMore: Bool
    }

    /// Answers a query: one statement that gives rows.
    ///
    /// It is wrapped in another, so that it can be nothing but a query, gives text whatever its types are, and ends at the
    /// limit.
    package func answer(_ sql: String, limit: Int) async throws(PostgresError) -> Answer {
        let trimmed = sql.reversed().drop { $0.isWhitespace || $0 == ";" }.reversed()
        let rows = try await pool.withConnection { connection throws(PostgresError) in
            guard try await connection.query("SELECT current_setting('is_superuser') = 'off'")[0][0] else {
                throw PostgresError.connection("the SQL page does not work with a superuser's connection")
            }
            let query = "SELECT row_to_json(asked)::text FROM (\n\(String(trimmed))\n) AS asked LIMIT \(limit + 1)"
            // Whoever asks asks something else each time: what the server prepared it would keep.
            return try await connection.pipeline([Statement(query, isPrepared: false)])[0]
        }
        var values: [JSONValue] = []
        for row in rows.prefix(limit) {
            let text: String = try row[0]
            values.append((try? JSONValue(parsing: text)) ?? .string(text))
        }
        return Answer(rows: values, hasMore: rows.count > limit)
    }
}

extension Store {
    /// Makes the role that only reads, where there is none; for the embedded PostgreSQL, which is Braid's own.
    ///
    /// What is made later can be read, too: history gets a partition a week.
    package func prepareReader() async throws(StoreError) {
        _ = try await query(
            """
            DO $$
            BEGIN
                IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '\(Reader.role)') THEN
                    BEGIN
                        CREATE ROLE \(Reader.role) LOGIN;
                    EXCEPTION WHEN duplicate_object OR unique_violation THEN
                        -- Another database's service has made it at this moment: roles are the cluster's.
                        NULL;
                    END;
                END IF;
                GRANT USAGE ON SCHEMA braid TO \(Reader.role);
                GRANT SELECT ON ALL TABLES IN SCHEMA braid TO \(Reader.role);
                ALTER DEFAULT PRIVILEGES IN SCHEMA braid GRANT SELECT ON TABLES TO \(Reader.role);
            END
            $$
            """
        )
    }
}
