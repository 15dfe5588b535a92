import StatesLanguage

/// Where something stands in a list that goes by time, and by id where times are the same.
package struct ListPlace<ID: LosslessStringConvertible & Sendable>: Sendable, CustomStringConvertible {
    let at: Timestamp
    let id: ID

    init(at: Timestamp, id: ID) {
        self.at = at
        self.id = id
    }

    /// Reads what ``description`` writes.
    package init?(_ text: String) {
        let parts = text.split(separator: " ").map { String($0) }
        guard parts.count == 2, let microseconds = Int64(parts[0]), let id = ID(parts[1]) else { return nil }
        self.init(at: Timestamp(microseconds: microseconds), id: id)
    }

    package var description: String { "\(at.microseconds) \(id)" }
}
