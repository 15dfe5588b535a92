import Postgres
package import StatesLanguage

/// An activity: tasks of its name wait for workers of the user's own.
package struct ActivityRecord: Sendable, Equatable {
    package var name: String
    package var createdAt: Timestamp
}

extension ActivityRecord {
    /// The columns that ``init(_:)`` reads, of `activities`.
    static let columns = "activities.name, activities.created_at"

    init(_ row: Row) throws(PostgresError) {
        name = try row["name"]
        createdAt = try row.timestamp("created_at")
    }
}
