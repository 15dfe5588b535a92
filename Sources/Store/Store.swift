package import Postgres

/// Every SQL statement of Braid: one statement, one function, one file.
///
/// What must hold together is one function. Everything that changes a branch, other than leasing, locks the root's row of
/// its execution first, in the order of execution ids (DESIGN §5).
package struct Store: Sendable {
    /// Lends the connections of everything but commits and leases, which have their own.
    package let pool: Pool
    let outerVariables = OuterVariables()

    package init(pool: Pool) { self.pool = pool }

    /// What every connection of the engine is set to.
    ///
    /// A session that is stopped in mid-transaction is ended after 2 s, so that it keeps no execution locked; one whose client
    /// takes no answer any more, after 10 s. Whatever the role has set, a statement may take its time: one that is cancelled is
    /// no nearer its end, and would be repeated.
    package static let session = [
        "plan_cache_mode": "force_generic_plan",
        "idle_in_transaction_session_timeout": "2s",
        "tcp_user_timeout": "10s",
        "statement_timeout": "0",
        "lock_timeout": "0",
        "jit": "off",
        "timezone": "UTC",
    ]

    /// What a connection that commits has besides: branches are read by their key, and so locked in its order, also while their
    /// table is so small that reading all of it would be cheaper.
    package static let sessionForCommits = ["enable_seqscan": "off"]

    /// The same for a connection on which one transaction may change very many rows: planning them takes its time.
    package static let sessionForLargeCommits = ["idle_in_transaction_session_timeout": "10s"]

    /// Performs one statement on a connection of the pool.
    func query(_ sql: String, _ values: [PostgresValue] = []) async throws(StoreError) -> Rows {
        do {
            return try await pool.withConnection { connection throws(PostgresError) in
                try await connection.query(sql, values)
            }
        } catch {
            throw StoreError(error)
        }
    }

    /// Performs one statement on a connection of the caller's own.
    func query(
        on connection: Connection,
        _ sql: String,
        _ values: [PostgresValue] = []
    ) async throws(StoreError) -> Rows {
        do {
            return try await connection.query(sql, values)
        } catch {
            throw StoreError(error)
        }
    }

    /// Decodes rows, with the store's own error for one that does not fit.
    func decode<T>(_ rows: Rows, _ body: (Row) throws(PostgresError) -> T) throws(StoreError) -> [T] {
        do {
            var values: [T] = []
            values.reserveCapacity(rows.count)
            for row in rows { values.append(try body(row)) }
            return values
        } catch {
            throw StoreError(error)
        }
    }
}
