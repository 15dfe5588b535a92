package import Interpreter
package import StatesLanguage

/// An event of an execution's history as its commit numbered it.
package struct RecordedEvent: Sendable {
    package var id: Int
    package var previousID: Int
    package var type: HistoryEventType
    package var at: Timestamp
    /// The members of its details, in order, without `inputDetails` and `outputDetails`, which follow from them.
    package var details: [(name: String, value: HistoryEvent.Field)]
}

/// A page of an execution's history.
package struct HistoryPage: Sendable {
    /// In the order that was asked for.
    package var events: [RecordedEvent]
    /// The id of the event that the next page begins with; `nil` if there is none so far.
    package var next: Int?
}
