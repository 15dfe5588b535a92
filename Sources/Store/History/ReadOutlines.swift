package import Interpreter
import JSON
import Postgres
package import StatesLanguage

/// An event of an execution's history without its payloads.
package struct EventOutline: Sendable {
    package var id: Int
    package var previousID: Int
    package var type: HistoryEventType
    package var at: Timestamp
    /// The state that it belongs to.
    package var state: String?
    /// The iteration of a Map that it is about.
    package var index: Int?
    package var error: String?
    package var cause: String?
    /// How many items a Map has.
    package var length: Int?
    /// What a Task's attempt is scheduled at: a resource's ARN.
    package var resource: String?
    /// The branch that wrote it, and the one that forked that.
    package var branch: Int
    package var parent: Int?

    package init(
        id: Int,
        previousID: Int,
        type: HistoryEventType,
        at: Timestamp,
        state: String? = nil,
        index: Int? = nil,
        error: String? = nil,
        cause: String? = nil,
        length: Int? = nil,
        resource: String? = nil,
        branch: Int = 0,
        parent: Int? = nil
    ) {
        self.id = id
        self.previousID = previousID
        self.type = type
        self.at = at
        self.state = state
        self.index = index
        self.error = error
        self.cause = cause
        self.length = length
        self.resource = resource
        self.branch = branch
        self.parent = parent
    }
}

extension Store {
    /// Reads what the histories of executions have beyond an event each, without payloads: one statement for all.
    ///
    /// - Parameters:
    ///   - positions: The executions, and the last event of each that is known.
    ///   - limit: How many rows of each are read at most; whoever gets so many asks again.
    /// - Throws: When the database does not answer.
    /// - Returns: The events in order, of those executions that have any more.
    package func readOutlines(
        after positions: [ExecutionID: Int],
        limit: Int
    ) async throws(StoreError) -> [ExecutionID: [EventOutline]] {
        let wanted = Array(positions)
        let rows = try await query(
            """
            SELECT wanted.id, rows.first_event_id, rows.previous_event_id, rows.at, rows.state, rows.events, \
                rows.branch_id, b.parent_id
            FROM unnest($1::uuid[], $2::int4[]) AS wanted (id, after)
            CROSS JOIN LATERAL (
                SELECT * FROM braid.history WHERE execution_id = wanted.id AND first_event_id > wanted.after
                ORDER BY first_event_id LIMIT $3
            ) AS rows
            LEFT JOIN braid.branches AS b ON b.execution_id = wanted.id AND b.branch_id = rows.branch_id
            ORDER BY wanted.id, rows.first_event_id
            """,
            [
                .uuidArray(wanted.map(\.key.value)), .int4Array(wanted.map { Int32(clamping: $0.value) }), .int(limit),
            ]
        )
        let read = try decode(rows) { row throws(PostgresError) in
            (
                ExecutionID(try row[0]),
                OutlineRow(
                    first: try row[1],
                    previous: try row[2],
                    at: try row.timestamp("at"),
                    state: try row[4],
                    events: try row[5],
                    branch: try row[6],
                    parent: try row[7]
                ).opened
            )
        }
        return read.reduce(into: [:]) { $0[$1.0, default: []] += $1.1 }
    }
}

/// A row of history of which only the events are looked at (Migrations/0002).
private struct OutlineRow {
    let first: Int
    let previous: Int
    let at: Timestamp
    let state: String?
    let events: String
    let branch: Int
    let parent: Int?

    var opened: [EventOutline] {
        guard let items = (try? JSONValue(parsing: events))?.array else { return [] }
        return items.enumerated().compactMap { offset, item in
            guard let code = item[0]?.int, HistoryEventType.allCases.indices.contains(code - 1) else { return nil }
            let link = item[1]?.int ?? 0
            let details = item[2]
            return EventOutline(
                id: first + offset,
                previousID: link == 0 ? 0 : link < 0 ? previous : first + link - 1,
                type: HistoryEventType.allCases[code - 1],
                at: at,
                state: details?["name"]?.string ?? details?["state"]?.string ?? item[3]?.string ?? state,
                index: details?["index"]?.int,
                error: details?["error"]?.string,
                cause: (details?["cause"]?.string).map { String($0.prefix(2_000)) },
                length: details?["length"]?.int,
                resource: Self.resource(of: details),
                branch: branch,
                parent: parent
            )
        }
    }

    /// A function's or an activity's ARN, or that of a service integration put together again.
    private static func resource(of details: JSONValue?) -> String? {
        guard let resource = details?["resource"]?.string else { return nil }
        return details?["resourceType"]?.string.map { "arn:aws:states:::\($0):\(resource)" } ?? resource
    }
}
