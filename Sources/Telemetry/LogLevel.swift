/// How much a log line matters, least first.
package enum LogLevel: String, Sendable, Comparable, CaseIterable {
    /// For whoever debugs Braid itself.
    case debug
    /// What an operator wants to have read afterwards.
    case info
    /// Something is wrong that Braid copes with.
    case warning
    /// Something is wrong that needs a person.
    case error

    package static func < (one: LogLevel, other: LogLevel) -> Bool { one.rank < other.rank }

    private var rank: Int {
        switch self {
        case .debug: 0
        case .info: 1
        case .warning: 2
        case .error: 3
        }
    }
}
