/// A statement with its values.
package struct Statement: Sendable, Hashable {
    /// SQL with `$1`, `$2`, … where the values go; one statement only.
    package var sql: String
    /// The values, in order.
    package var values: [PostgresValue]
    /// Whether each connection prepares it once and keeps it; not so for SQL that is composed anew each time.
    package var isPrepared: Bool

    package init(_ sql: String, _ values: [PostgresValue] = [], isPrepared: Bool = true) {
        self.sql = sql
        self.values = values
        self.isPrepared = isPrepared
    }
}
