import Interpreter
import JSON
import Postgres

extension Store {
    /// Reads a page of an execution's history, which may begin and end inside a row.
    ///
    /// Ids run without gaps, so the rows of a page are those that reach into a range of ids, found by the key alone: from
    /// the last row that begins at or before the range (asked for as ranges, so that the planner goes to it in key order)
    /// to the last that begins in it. The last id is in the root's row, which the same commit writes. Rows are read until they hold `bytes` (lengths are known without opening what is compressed), and events are taken
    /// until their payloads come to that, so that one page never fills the memory however large each payload is; at
    /// least one event is given.
    ///
    /// - Parameters:
    ///   - id: The execution.
    ///   - event: The id of the first event; `nil` begins at the end that the direction begins with.
    ///   - limit: How many events at most.
    ///   - reverse: Whether ids descend.
    ///   - bytes: How much the page may hold.
    /// - Throws: When the database does not answer, or holds what this version cannot read.
    /// - Returns: The events, and the id that the next page begins with.
    package func readHistory(
        of id: ExecutionID,
        from event: Int? = nil,
        limit: Int,
        reverse: Bool = false,
        bytes: Int = 16 << 20
    ) async throws(StoreError) -> HistoryPage {
        let event = event.map { min(max($0, 1), Int(Int32.max)) }
        let rows = try await query(
            """
            WITH page AS MATERIALIZED (
                SELECT
                    CASE WHEN $4 THEN coalesce($2, last_event_id) - $3 + 1 ELSE coalesce($2, 1) END AS low,
                    CASE WHEN $4 THEN coalesce($2, last_event_id) ELSE coalesce($2, 1) + $3 - 1 END AS high,
                    last_event_id
                FROM braid.branches WHERE execution_id = $1 AND branch_id = 0
            ), sized AS (
                SELECT *, octet_length(events) + octet_length(payloads) AS bytes FROM braid.history
                WHERE execution_id = $1
                    AND first_event_id >= coalesce((
                        SELECT first_event_id FROM braid.history
                        WHERE execution_id >= $1 AND execution_id <= $1
                            AND (execution_id, first_event_id) <= ($1, (SELECT low FROM page))
                        ORDER BY execution_id DESC, first_event_id DESC LIMIT 1
                    ), 1)
                    AND first_event_id <= (SELECT high FROM page)
            ), summed AS (
                SELECT *, sum(bytes) OVER (
                    ORDER BY CASE WHEN $4 THEN -first_event_id ELSE first_event_id END
                ) - bytes AS bytes_before
                FROM sized
            )
            SELECT first_event_id, event_count, previous_event_id, at, events, payloads,
                (SELECT last_event_id FROM page) AS last_event_id
            FROM summed WHERE bytes_before < $5
            ORDER BY first_event_id
            """,
            [.uuid(id.value), .optional(event) { .int($0) }, .int(limit), .bool(reverse), .int(bytes)]
        )
        let stored = try decode(rows) { row throws(PostgresError) in
            (row: try StoredHistoryRow(row), last: try row.decode("last_event_id", as: Int.self))
        }
        guard let last = stored.last?.last else { return HistoryPage(events: [], next: nil) }
        let from = event ?? (reverse ? last : 1)
        let range = reverse ? (from - limit + 1)...max(from, from - limit + 1) : from...max(from, from + limit - 1)
        var page = PageBuilder(range: range, last: last, isReverse: reverse, bytes: bytes)
        for (row, _) in reverse ? stored.reversed() : stored {
            guard let events = row.opened() else {
                throw .unexpected("the history of execution \(id) cannot be read at event \(row.firstEventID)")
            }
            guard page.add(reverse ? events.reversed() : events) else { break }
        }
        return page.page
    }
}

/// Takes events of rows, in the order of the page, until the page is full.
private struct PageBuilder {
    let range: ClosedRange<Int>
    let last: Int
    let isReverse: Bool
    let bytes: Int
    private var events: [RecordedEvent] = []
    private var size = 0

    init(range: ClosedRange<Int>, last: Int, isReverse: Bool, bytes: Int) {
        self.range = range
        self.last = last
        self.isReverse = isReverse
        self.bytes = bytes
    }

    /// Takes a row's events.
    ///
    /// - Returns: Whether there may be room for more.
    mutating func add(_ more: [RecordedEvent]) -> Bool {
        for event in more where range.contains(event.id) {
            let length = event.byteCount
            guard events.isEmpty || size + length <= bytes else { return false }
            size += length
            events.append(event)
        }
        return true
    }

    var page: HistoryPage {
        guard let end = events.last?.id else { return HistoryPage(events: [], next: nil) }
        let next = isReverse ? end - 1 : end + 1
        return HistoryPage(events: events, next: (1...last).contains(next) ? next : nil)
    }
}

extension RecordedEvent {
    /// About how much memory its payloads take.
    fileprivate var byteCount: Int {
        details.reduce(64) { sum, field in
            switch field.value {
            case .payload(let text): sum + text.byteCount
            case .text(let text): sum + text.utf8.count
            case .number, .json: sum + 64
            }
        }
    }
}

extension StoredHistoryRow {
    fileprivate init(_ row: Row) throws(PostgresError) {
        self.init(
            firstEventID: try row["first_event_id"],
            eventCount: try row["event_count"],
            previousEventID: try row["previous_event_id"],
            at: try row.timestamp("at"),
            events: try row["events"],
            payloads: try row["payloads"]
        )
    }
}
