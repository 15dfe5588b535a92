/// Why the database did not do what it was asked.
package enum PostgresError: Error, Equatable, CustomStringConvertible {
    /// The server refused a statement.
    case server(ServerError)
    /// No connection came about, or it was lost; whether the statement in flight was performed is not known.
    case connection(String)
    /// A text parameter (counted from 1) holds U+0000, which PostgreSQL cannot; nothing was sent.
    case nulInText(parameter: Int, statement: String)
    /// A parameter is larger than PostgreSQL takes; nothing was sent.
    case tooLarge(parameter: Int, statement: String)
    /// A column does not hold what the program expects.
    case decoding(column: String, expected: String, found: String)
    /// A transaction was to be committed in which a statement had failed: it was rolled back.
    case rolledBack
    /// The task was cancelled before the statement was sent.
    case cancelled
    /// Every connection of a pool was in use, or none could be made, for as long as the caller was ready to wait.
    case poolExhausted(limit: Int, lastFailure: String?)
    /// The pool is stopped.
    case poolStopped

    /// What a server says when it refuses.
    ///
    /// Source: PostgreSQL, "Error and Notice Message Fields".
    package struct ServerError: Sendable, Equatable {
        /// Five characters, such as `40P01`.
        package var sqlState: String
        /// `ERROR`, `FATAL` or `PANIC`.
        package var severity: String
        /// The server's sentence; may hold a value in data exceptions (class 22).
        package var message: String
        /// More of it; may hold values of rows.
        package var detail: String?
        package var hint: String?
        package var schema: String?
        package var table: String?
        package var column: String?
        package var constraint: String?
        /// The place in the statement's text, in characters from 1.
        package var position: Int?
        /// Which statement of a pipeline, from 0.
        package var statementIndex: Int?
        /// The statement's text, which holds no values.
        package var statement: String?

        package init(sqlState: String, severity: String = "ERROR", message: String) {
            self.sqlState = sqlState
            self.severity = severity
            self.message = message
        }
    }

    /// What the server said, where it did.
    package var server: ServerError? {
        guard case .server(let error) = self else { return nil }
        return error
    }

    /// The server's code, where it gave one.
    package var sqlState: String? { server?.sqlState }

    /// The constraint that was violated, where one was.
    package var constraint: String? { server?.constraint }

    /// The transaction could not be serialized with others and may be tried again.
    package var isSerializationFailure: Bool { sqlState == "40001" }

    /// The transaction was the victim of a deadlock and may be tried again.
    package var isDeadlock: Bool { sqlState == "40P01" }

    /// A row with this key exists.
    package var isUniqueViolation: Bool { sqlState == "23505" }

    /// The statement was cancelled, by its task or by somebody else, and did nothing.
    package var isCancellation: Bool { self == .cancelled || sqlState == "57014" }

    /// The connection is gone, or never came about: 08 (connection exception), 57P01 to 57P05 (the server stops, starts,
    /// has crashed, drops the database or an idle session), 53300 (too many connections).
    package var isConnectionLoss: Bool {
        switch self {
        case .connection: true
        case .server(let error):
            error.sqlState.hasPrefix("08") || error.sqlState.hasPrefix("57P") || error.sqlState == "53300"
        default: false
        }
    }

    /// One line for logs; never a bound value: details are left out, and quotations in data exceptions are blanked.
    package var description: String {
        switch self {
        case .server(let error):
            var text = "\(error.severity) \(error.sqlState): \(Self.withoutValues(error))"
            if let constraint = error.constraint { text += " (constraint \(constraint))" }
            if let index = error.statementIndex, index > 0 { text += " (statement \(index) of its pipeline)" }
            if let hint = error.hint { text += " Hint: \(hint)" }
            return text.replacingLineBreaks()
        case .connection(let message): return "connection to PostgreSQL: \(message.replacingLineBreaks())"
        case .nulInText(let parameter, let statement):
            return "parameter $\(parameter) holds U+0000, which text cannot hold: \(statement.replacingLineBreaks())"
        case .tooLarge(let parameter, let statement):
            return "parameter $\(parameter) is larger than 1 GB: \(statement.replacingLineBreaks())"
        case .decoding(let column, let expected, let found):
            return "column '\(column)' holds \(found), not \(expected)"
        case .rolledBack: return "the transaction was rolled back, because a statement in it had failed"
        case .cancelled: return "cancelled before the statement was sent"
        case .poolExhausted(let limit, let failure):
            let reason = failure.map { ": \($0.replacingLineBreaks())" } ?? ", all are in use"
            return "none of \(limit) connections to PostgreSQL came free in time\(reason)"
        case .poolStopped: return "the pool of connections to PostgreSQL is stopped"
        }
    }

    private static func withoutValues(_ error: ServerError) -> String {
        guard error.sqlState.hasPrefix("22") else { return error.message }
        var parts = error.message.split(separator: "\"", omittingEmptySubsequences: false)
        for index in parts.indices where index % 2 == 1 { parts[index] = "…" }
        return parts.joined(separator: "\"")
    }
}

extension String {
    /// The text on one line, each run of white space one space.
    fileprivate func replacingLineBreaks() -> String {
        split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }
}
