/// One log line before a sink gives it a form.
package struct LogEntry: Sendable {
    /// When it was written, by this process's wall clock.
    package var time: WallTime
    /// How much it matters.
    package var level: LogLevel
    /// The part of Braid that wrote it.
    package var label: String
    /// What happened; never a payload, never a bound value of a statement.
    package var message: String
    /// What it happened to, in the order in which it was given.
    package var metadata: [(key: String, value: LogValue)]

    package init(
        time: WallTime,
        level: LogLevel,
        label: String,
        message: String,
        metadata: [(key: String, value: LogValue)] = []
    ) {
        self.time = time
        self.level = level
        self.label = label
        self.message = message
        self.metadata = metadata
    }
}

/// A metadata value of a log line: JSON lines keep numbers and truth values as such.
package enum LogValue: Sendable, Equatable, CustomStringConvertible {
    /// Text, or the description of anything else.
    case string(String)
    /// A whole number.
    case int(Int)
    /// A number; one that JSON cannot hold is written as text.
    case double(Double)
    /// A truth value.
    case bool(Bool)

    /// Keeps what JSON has a type for, and describes the rest.
    package init(_ value: any CustomStringConvertible) {
        switch value {
        case let value as String: self = .string(value)
        case let value as Bool: self = .bool(value)
        case let value as Int: self = .int(value)
        case let value as Double: self = .double(value)
        case let value as any FixedWidthInteger: self = Int(exactly: value).map { .int($0) } ?? .string("\(value)")
        default: self = .string(value.description)
        }
    }

    package var description: String {
        switch self {
        case .string(let text): text
        case .int(let number): "\(number)"
        case .double(let number): "\(number)"
        case .bool(let truth): "\(truth)"
        }
    }
}
