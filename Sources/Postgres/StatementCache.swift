/// The statements that one connection has prepared on its server.
///
/// A statement is known by its text and its parameters' types: the same text with other types is another statement. NULL
/// goes with any type.
struct StatementCache {
    /// A prepared statement.
    final class Entry {
        let name: String
        let types: [UInt32]
        /// The names of the columns that it gives, once they are known.
        var columns: [String]?

        init(name: String, types: [UInt32]) {
            self.name = name
            self.types = types
        }

        /// Whether it can be given parameters of these types.
        fileprivate func takes(_ others: ArraySlice<UInt32>) -> Bool {
            guard types.count == others.count else { return false }
            return zip(types, others).allSatisfy { $1 == PostgresType.unspecified.rawValue || $0 == $1 }
        }
    }

    private var entries: [String: [Entry]] = [:]
    private var counter = 0

    /// The statement, and whether it must be prepared first.
    mutating func entry(for sql: String, types: ArraySlice<UInt32>) -> (entry: Entry, isNew: Bool) {
        if let known = entries[sql]?.first(where: { $0.takes(types) }) { return (known, false) }
        counter += 1
        let entry = Entry(name: "braid_\(counter)", types: Array(types))
        entries[sql, default: []].append(entry)
        return (entry, true)
    }

    /// Forgets a statement that could not be prepared, or that the server no longer knows.
    mutating func remove(_ entry: Entry, of sql: String) {
        entries[sql]?.removeAll { $0 === entry }
        if entries[sql]?.isEmpty == true { entries[sql] = nil }
    }
}
