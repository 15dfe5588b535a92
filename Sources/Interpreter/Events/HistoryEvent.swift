package import JSON

/// An event of an execution's history, before its commit numbers it.
///
/// Source: reference §17.
package struct HistoryEvent: Sendable, Equatable {
    /// What an event has as `previousEventId`.
    package enum Previous: Sendable, Equatable {
        /// 0: the first state's Entered, ExecutionStarted, ExecutionAborted, ExecutionTimedOut.
        case none
        /// The branch's `previousEventID` from before the transition.
        case chain
        /// The event with this index in the same transition.
        case event(Int)
    }

    /// A value of a details member.
    package enum Field: Sendable, Equatable {
        case text(String)
        case number(Int)
        /// JSON that goes out as text; stored once where several events share it.
        case payload(JSONText)
        /// JSON that goes out as it is.
        case json(JSONValue)
    }

    package var type: HistoryEventType
    package var previous: Previous
    /// The members of `<type>EventDetails`, in order, without `inputDetails` and `outputDetails`, which follow from them.
    package var details: [(name: String, value: Field)]

    package init(_ type: HistoryEventType, after previous: Previous, details: [(name: String, value: Field)] = []) {
        self.type = type
        self.previous = previous
        self.details = details
    }

    package static func == (left: HistoryEvent, right: HistoryEvent) -> Bool {
        left.type == right.type && left.previous == right.previous
            && left.details.elementsEqual(right.details) { $0.name == $1.name && $0.value == $1.value }
    }
}
