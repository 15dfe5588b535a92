package import Interpreter
import JSON
import StatesLanguage

/// What of an execution's events is logged, as its machine's logging configuration says.
///
/// Source: reference §21; Step Functions Developer Guide, "Logging using CloudWatch Logs".
package struct ExecutionLog: Sendable {
    /// Which events are logged.
    ///
    /// Raw values are those of `level`.
    package enum Level: String, Sendable {
        case all = "ALL"
        case error = "ERROR"
        case fatal = "FATAL"
        case off = "OFF"

        /// Whether an event of this type is logged.
        package func takes(_ type: HistoryEventType) -> Bool {
            let ends: Set<HistoryEventType> = [.executionAborted, .executionFailed, .executionTimedOut]
            switch self {
            case .all: return true
            case .off: return false
            case .fatal: return ends.contains(type)
            case .error:
                let name = type.rawValue
                return ends.contains(type) || type == .failStateEntered || name.hasSuffix("Failed")
                    || name.hasSuffix("TimedOut") || name.hasSuffix("Aborted")
            }
        }
    }

    package let level: Level
    package let includesData: Bool
    /// The longest record's details, in bytes.
    private static let limit = 253_952

    /// Reads a logging configuration, as JSON; off where there is none.
    package init(configuration: String?) {
        let value = configuration.flatMap { try? JSONValue(parsing: $0) }
        level = value?["level"]?.string.flatMap { Level(rawValue: $0) } ?? .off
        includesData = value?["includeExecutionData"]?.bool ?? false
    }

    /// The record of an event, all of it text; `nil` if it is not logged.
    package func record(of entry: LocalExecution.Entry, execution: String) -> [(name: String, value: String)]? {
        guard level.takes(entry.event.type) else { return nil }
        var details: JSONObject = [:]
        for (name, value) in entry.event.details {
            switch value {
            case .text(let text): details[name] = .string(text)
            case .number(let number): details[name] = .number(JSONNumber(number))
            case .json(let value): details[name] = value
            case .payload(let payload) where includesData:
                let isTruncated = payload.byteCount > Self.limit
                details[name] = .string(isTruncated ? String(payload.text.prefix(Self.limit)) : payload.text)
                details[name + "Details"] = ["truncated": .bool(isTruncated)]
            case .payload: break
            }
        }
        return [
            ("id", "\(entry.id)"), ("type", entry.event.type.rawValue),
            ("details", JSONValue.object(details).text), ("previous_event_id", "\(entry.previousEventID)"),
            ("event_timestamp", "\(entry.time.microseconds / 1_000)"), ("execution_arn", execution),
            ("redrive_count", "0"),
        ]
    }
}
