import Interpreter
import JSON
import StatesLanguage

/// A row of history as it is stored, and what its events were (Migrations/0002).
struct StoredHistoryRow {
    var firstEventID: Int
    var eventCount: Int
    var previousEventID: Int
    var at: Timestamp
    var events: String
    var payloads: String

    /// What a number stands for in these members: the place of a payload.
    private static let payloadMembers: Set<String> = ["input", "output", "parameters"]

    /// Opens the row.
    ///
    /// - Returns: Its events in ascending order; `nil` if the row does not hold what its columns say.
    func opened() -> [RecordedEvent]? {
        guard case .array(let items)? = try? JSONValue(parsing: events), items.count == eventCount else { return nil }
        let texts = payloads.utf8.split(separator: 0x1E, omittingEmptySubsequences: false).map {
            JSONText(trusted: String(Substring($0)))
        }
        var opened: [RecordedEvent] = []
        opened.reserveCapacity(items.count)
        for (offset, item) in items.enumerated() {
            guard let event = event(item, at: offset, payloads: texts) else { return nil }
            opened.append(event)
        }
        return opened
    }

    private func event(_ item: JSONValue, at offset: Int, payloads: [JSONText]) -> RecordedEvent? {
        guard let code = item[0]?.int, HistoryEventType.allCases.indices.contains(code - 1),
            let link = item[1]?.int, let members = item[2]?.object
        else { return nil }
        var details: [(name: String, value: HistoryEvent.Field)] = []
        for (name, value) in members {
            switch value {
            case .number(let number) where Self.payloadMembers.contains(name):
                guard let place = number.int, payloads.indices.contains(place - 1) else { return nil }
                details.append((name, .payload(payloads[place - 1])))
            case .string(let text): details.append((name, .text(text)))
            case .number(let number) where number.int != nil: details.append((name, .number(number.int ?? 0)))
            default: details.append((name, .json(value)))
            }
        }
        return RecordedEvent(
            id: firstEventID + offset,
            previousID: previousID(link),
            type: HistoryEventType.allCases[code - 1],
            at: at,
            details: details
        )
    }

    private func previousID(_ link: Int) -> Int {
        switch link {
        case 0: 0
        case ..<0: previousEventID
        default: firstEventID + link - 1
        }
    }
}
