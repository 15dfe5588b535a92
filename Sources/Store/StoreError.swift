package import Postgres

/// Why the store did not do what it was asked.
///
/// No case holds a bound value.
package enum StoreError: Error, Equatable, CustomStringConvertible {
    /// The database cannot be reached, or the connection was lost before it answered: what was sent may have happened.
    case unavailable(String)
    /// A transaction stood still for so long that the database ended it, and the connection: nothing of it is committed.
    case stoodStill(String)
    /// Two transactions met; the same again may succeed.
    case conflict(String)
    /// The database refuses this, with its SQLSTATE.
    case refused(state: String, message: String)
    /// More branches would be ended than were to be ended here; nothing is.
    case tooManyOpen
    /// A row does not hold what this version writes.
    case unexpected(String)

    package init(_ error: PostgresError) {
        if error.sqlState == "25P03" {
            self = .stoodStill(error.description)
        } else if error.isConnectionLoss || Self.isShortage(error.sqlState) {
            self = .unavailable(error.description)
        } else if error.isSerializationFailure || error.isDeadlock {
            self = .conflict(error.description)
        } else if let state = error.sqlState {
            self = .refused(state: state, message: error.description)
        } else {
            switch error {
            case .nulInText, .tooLarge: self = .refused(state: "22021", message: error.description)
            case .decoding: self = .unexpected(error.description)
            default: self = .unavailable(error.description)
            }
        }
    }

    /// Whether the database lacks something for now, or somebody intervened: nothing is wrong with what was asked.
    ///
    /// Disk, memory or connections (53), an operator (57), the system (58), a server that only reads after a failover, a
    /// lock that took too long.
    private static func isShortage(_ state: String?) -> Bool {
        guard let state else { return false }
        return ["53", "57", "58"].contains { state.hasPrefix($0) } || ["25006", "55P03"].contains(state)
    }

    package var description: String {
        switch self {
        case .unavailable(let reason): "the database is not available: \(reason)"
        case .stoodStill(let reason): "a transaction took too long: \(reason)"
        case .conflict(let reason): "transactions conflicted: \(reason)"
        case .refused(_, let message): "the database refused: \(message)"
        case .tooManyOpen: "more branches are open than may be ended at once here"
        case .unexpected(let what): "the database holds what this version does not know: \(what)"
        }
    }
}
