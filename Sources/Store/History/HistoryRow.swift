package import Interpreter
import JSON
package import StatesLanguage

/// A transition's events as they are stored: one row, numbered and linked relative to it (Migrations/0002).
package struct HistoryRow: Sendable, Equatable {
    package var key: BranchKey
    package var firstEventID: Int
    package var eventCount: Int
    /// What the row's first event points at, if it points outside the row.
    package var previousEventID: Int
    package var at: Timestamp
    /// The state of the row's error, or else the one that the branch stood in before the transition.
    package var state: String
    /// The error of the first failure among the events; the execution's own only where no other is.
    package var error: String?
    package var events: String
    package var payloads: String

    /// What stands between two payloads: a character that no JSON text can hold.
    package static let separator = "\u{1E}"

    package init(
        key: BranchKey,
        firstEventID: Int,
        previousEventID: Int,
        at: Timestamp,
        state: String,
        events: [HistoryEvent]
    ) {
        self.key = key
        self.firstEventID = firstEventID
        eventCount = events.count
        self.previousEventID = previousEventID
        self.at = at
        var encoder = HistoryEncoder(state: state)
        for event in events { encoder.note(event) }
        self.state = encoder.errorState ?? state
        error = encoder.error
        for event in events { encoder.append(event, rowState: self.state) }
        self.events = encoder.text + "]"
        payloads = encoder.payloads.joined(separator: Self.separator)
    }
}

/// Writes a row's events, and collects their payloads, each once.
private struct HistoryEncoder {
    /// The state of the event at hand: events that name none belong to the one entered last.
    private var state: String
    private let startState: String
    private(set) var text = "["
    private(set) var payloads: [String] = []
    private var places: [String: Int] = [:]
    private(set) var error: String?
    private(set) var errorState: String?

    init(state: String) {
        self.state = state
        startState = state
    }

    /// Finds the error that the row is filed under.
    mutating func note(_ event: HistoryEvent) {
        if let name = event.stateName { state = name }
        // Who stops an execution may name an error; nothing has failed.
        guard event.type != .executionAborted,
            case .text(let name)? = event.details.first(where: { $0.name == "error" })?.value
        else { return }
        guard error == nil else { return }
        error = name.withoutNUL
        errorState = state
    }

    mutating func append(_ event: HistoryEvent, rowState: String) {
        if text.utf8.count == 1 { state = startState } else { text += "," }
        let name = event.stateName
        if let name { state = name }
        text += "[\(HistoryEventType.codes[event.type] ?? 0),"
        switch event.previous {
        case .none: text += "0,{"
        case .chain: text += "-1,{"
        case .event(let index): text += "\(index + 1),{"
        }
        for (index, field) in event.details.enumerated() {
            if index > 0 { text += "," }
            text += JSONValue.string(field.name).text + ":" + encode(field.value)
        }
        text += "}"
        if !event.details.contains(where: { $0.name == "name" }), state != rowState {
            text += "," + JSONValue.string(state).text
        }
        text += "]"
    }

    private mutating func encode(_ field: HistoryEvent.Field) -> String {
        switch field {
        case .text(let text): JSONValue.string(text.withoutNUL).text
        case .number(let number): "\(number)"
        case .json(let value): value.withoutNUL.text
        case .payload(let payload): "\(place(of: payload.text))"
        }
    }

    /// The place of a payload in the row, counted from 1.
    private mutating func place(of payload: String) -> Int {
        if let place = places[payload] { return place }
        payloads.append(payload)
        places[payload] = payloads.count
        return payloads.count
    }
}

extension HistoryEvent {
    /// The state that it enters or leaves, and that the events after it belong to.
    fileprivate var stateName: String? {
        guard type.rawValue.hasSuffix("StateEntered"),
            case .text(let name)? = details.first(where: { $0.name == "name" })?.value
        else { return nil }
        return name
    }
}

extension HistoryEventType {
    /// The codes under which types are stored: their places among all, counted from 1 (Migrations/0003, braid.event_type).
    package static let codes = Dictionary(
        uniqueKeysWithValues: allCases.enumerated().map { ($0.element, $0.offset + 1) }
    )
}

extension JSONValue {
    /// The value with U+FFFD for U+0000 in its texts: what is not a payload must be readable by PostgreSQL's operators.
    fileprivate var withoutNUL: JSONValue {
        switch self {
        case .string(let text): return .string(text.withoutNUL)
        case .array(let elements): return .array(elements.map(\.withoutNUL))
        case .object(let members):
            var object = JSONObject()
            for (name, value) in members { object[name.withoutNUL] = value.withoutNUL }
            return .object(object)
        case .null, .bool, .number: return self
        }
    }
}

extension String {
    /// The text with U+FFFD for U+0000, which PostgreSQL's text cannot hold.
    package var withoutNUL: String {
        guard utf8.contains(0) else { return self }
        var scalars = String.UnicodeScalarView()
        for scalar in unicodeScalars { scalars.append(scalar.value == 0 ? "\u{FFFD}" : scalar) }
        return String(scalars)
    }
}
