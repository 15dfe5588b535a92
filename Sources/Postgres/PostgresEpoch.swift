/// PostgreSQL counts microseconds from 2000-01-01, everyone else from 1970-01-01.
enum PostgresEpoch {
    private static let offset: Int64 = 946_684_800_000_000

    /// From microseconds since 1970 to what is sent; the two infinities stay, what is out of range is refused by the server.
    static func sent(_ microseconds: Int64) -> Int64 {
        guard microseconds != .max && microseconds != .min else { return microseconds }
        let (value, isOver) = microseconds.subtractingReportingOverflow(offset)
        return isOver ? .min + 1 : value
    }

    /// From what was received to microseconds since 1970; the last 30 years of PostgreSQL's range count as infinity.
    static func received(_ value: Int64) -> Int64 {
        guard value != .max && value != .min else { return value }
        let (microseconds, isOver) = value.addingReportingOverflow(offset)
        return isOver ? .max : microseconds
    }
}
