package import Postgres

/// Up to how many bytes the rows that change often, those of executions and branches, hold their payloads themselves.
///
/// What makes a row longer lies beside it (PostgreSQL's TOAST), compressed where that helps: a change of the row copies the
/// pointer to it, not the payload. PostgreSQL leaves rows of up to 2 KB whole in any case.
package enum RowPayloads {
    /// What PostgreSQL allows.
    package static let bounds = 128...8_160

    /// Sets the bound for what is written from now on.
    ///
    /// The lock lets everything go on that reads or writes rows; where the bound is the same already there is none.
    package static func keep(upTo bytes: Int, on connection: Connection) async throws(PostgresError) {
        precondition(bounds.contains(bytes), "not within PostgreSQL's bounds")
        let tables = try await connection.query(
            """
            SELECT oid::regclass::text FROM pg_class
            WHERE oid IN ('braid.executions'::regclass, 'braid.branches'::regclass)
                AND NOT coalesce(reloptions, '{}') @> ARRAY['toast_tuple_target=' || $1::int4]
            """,
            [.int4(Int32(bytes))]
        )
        for table in tables {
            let name: String = try table[0]
            try await connection.run(script: "ALTER TABLE \(name) SET (toast_tuple_target = \(bytes))")
        }
    }
}
