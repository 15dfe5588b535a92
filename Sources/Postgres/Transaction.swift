/// How a transaction sees what others do.
package enum TransactionKind: Sendable {
    case readCommitted, repeatableRead, serializable
    /// Repeatable read that changes nothing.
    case readOnly

    var begin: String {
        switch self {
        case .readCommitted: "BEGIN"
        case .repeatableRead: "BEGIN ISOLATION LEVEL REPEATABLE READ"
        case .serializable: "BEGIN ISOLATION LEVEL SERIALIZABLE"
        case .readOnly: "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
        }
    }
}

/// An open transaction, for as long as the body of ``Connection/transaction(_:_:)`` runs.
package struct Transaction: Sendable {
    let connection: Connection

    /// Performs one statement, in one round trip.
    package func query(_ sql: String, _ values: [PostgresValue] = []) async throws(PostgresError) -> Rows {
        try await pipeline([Statement(sql, values)])[0]
    }

    /// Performs many statements in one round trip; the error of one that fails names it.
    package func pipeline(_ statements: [Statement]) async throws(PostgresError) -> [Rows] {
        guard !statements.isEmpty else { return [] }
        return try await connection.runInTransaction(statements, closing: .stay)
    }

    /// Performs the last statements and commits, in one round trip; nothing may follow in this transaction.
    package func commit(_ statements: [Statement]) async throws(PostgresError) -> [Rows] {
        try await connection.runInTransaction(statements, closing: .commit)
    }
}
