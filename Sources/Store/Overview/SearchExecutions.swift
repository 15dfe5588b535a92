import Postgres
package import StatesLanguage

/// Which executions a page of the console lists.
package struct ExecutionSearch: Sendable, Equatable {
    package var machine: String?
    package var status: ExecutionStatus?
    /// A part of the name, in any case.
    package var name: String?
    package var startedFrom: Timestamp?
    package var startedBefore: Timestamp?
    /// The last execution of the page before.
    package var before: ExecutionID?

    package init() {}
}

/// What a search found.
package struct ExecutionsFound: Sendable {
    package var executions: [ExecutionSummary]
    /// Where the search goes on; `nil` where nothing older is left.
    package var next: ExecutionID?
}

extension Store {
    /// How many executions one page of a search looks at.
    package static let searchBound = 100_000
    /// How many map runs' children one page passes over.
    private static let mostRuns = 20
    /// How many of the executions that have begun, and that have ended, of late are looked at.
    private static let recentBound = 5_000

    /// Searches executions, those started last first; children of map runs are listed with their runs.
    ///
    /// Ids sort by time, so the key is read backwards from where the last page ended, and never further than a bound: a page
    /// costs the same however many executions there are, and says where to go on. A map run's children have neighbouring ids:
    /// where the bound lies among some, the rest of them is passed over and the search goes on behind.
    ///
    /// - Parameters:
    ///   - search: What is searched for.
    ///   - limit: How many are found at most.
    ///   - bound: How many are read at once.
    /// - Throws: When the database does not answer.
    /// - Returns: Those found, and where to go on.
    package func searchExecutions(
        _ search: ExecutionSearch,
        limit: Int,
        readingAtOnce bound: Int = searchBound
    ) async throws(StoreError) -> ExecutionsFound {
        var search = search
        var found: [ExecutionSummary] = []
        for _ in 0..<Self.mostRuns {
            found += try await scan(search, limit: limit - found.count, reading: bound)
            if found.count == limit { return ExecutionsFound(executions: found, next: found.last?.id) }
            guard let last = try await self.last(of: search, reading: bound) else {
                return ExecutionsFound(executions: found, next: nil)
            }
            guard last.isChild else { return ExecutionsFound(executions: found, next: last.id) }
            search.before = MapRunID.front(of: last.id)
        }
        return ExecutionsFound(executions: found, next: search.before)
    }

    private func scan(
        _ search: ExecutionSearch,
        limit: Int,
        reading bound: Int
    ) async throws(StoreError) -> [ExecutionSummary] {
        let pattern = search.name.map { name in
            "%" + name.replacing("\\", with: "\\\\").replacing("%", with: "\\%").replacing("_", with: "\\_") + "%"
        }
        let rows = try await query(
            """
            WITH wanted AS MATERIALIZED (
                SELECT state_machine_id FROM braid.state_machines WHERE name = $1::text
            ), scanned AS (
                SELECT * FROM braid.executions
                WHERE execution_id < least($4::uuid, braid.first_execution_id(coalesce($6::timestamptz, '2600-01-01'::timestamptz)))
                    AND execution_id >= braid.first_execution_id(coalesce($5::timestamptz, 'epoch'::timestamptz))
                ORDER BY execution_id DESC LIMIT \(bound)
            )
            SELECT \(ExecutionSummary.columns)
            FROM scanned AS executions JOIN braid.state_machines AS machines USING (state_machine_id)
            WHERE executions.map_run_id IS NULL
                AND ($1::text IS NULL OR executions.state_machine_id IN (SELECT state_machine_id FROM wanted))
                AND ($2::text IS NULL OR executions.status = $2)
                AND ($3::text IS NULL OR coalesce(executions.name, executions.execution_id::text) ILIKE $3)
            ORDER BY executions.execution_id DESC LIMIT $7
            """,
            [
                .optional(search.machine) { .text($0) }, .optional(search.status) { .text($0.rawValue) },
                .optional(pattern) { .text($0) }, .uuid(search.before?.value ?? UUIDValue(high: .max, low: .max)),
                .optional(search.startedFrom) { .timestamp($0.microseconds) },
                .optional(search.startedBefore) { .timestamp($0.microseconds) }, .int(limit),
            ]
        )
        return try decode(rows, ExecutionSummary.init)
    }

    /// The last execution that a search for few looked at, where it stopped at its bound.
    private func last(
        of search: ExecutionSearch,
        reading bound: Int
    ) async throws(StoreError) -> (id: ExecutionID, isChild: Bool)? {
        let rows = try await query(
            """
            SELECT execution_id, map_run_id IS NOT NULL FROM braid.executions WHERE execution_id < $1
            ORDER BY execution_id DESC OFFSET \(bound - 1) LIMIT 1
            """,
            [.uuid(search.before?.value ?? UUIDValue(high: .max, low: .max))]
        )
        return try decode(rows) { row throws(PostgresError) -> (id: ExecutionID, isChild: Bool) in
            (ExecutionID(try row[0]), try row[1])
        }.first
    }

    /// Lists executions that were started or ended of late.
    ///
    /// Of the newest of each, so that the children of a map run, which are none of these, hold it up no further.
    /// What is asked for overlaps with what was asked for before: transactions that are under way become visible late.
    package func recentlyChangedExecutions(
        within time: Duration = .seconds(10),
        limit: Int
    ) async throws(StoreError) -> [ExecutionSummary] {
        let rows = try await query(
            """
            SELECT \(ExecutionSummary.columns)
            FROM (
                (SELECT * FROM (
                    SELECT * FROM braid.executions
                    WHERE execution_id > braid.first_execution_id(braid.now() - $2 * interval '1 s')
                    ORDER BY execution_id DESC LIMIT \(Self.recentBound)
                ) AS started WHERE map_run_id IS NULL LIMIT $1)
                UNION
                (SELECT * FROM (
                    SELECT * FROM braid.executions
                    WHERE status <> 'RUNNING' AND stopped_at > braid.now() - $2 * interval '1 s'
                    ORDER BY stopped_at DESC LIMIT \(Self.recentBound)
                ) AS ended WHERE map_run_id IS NULL LIMIT $1)
            ) AS executions JOIN braid.state_machines AS machines USING (state_machine_id)
            ORDER BY executions.execution_id DESC
            """,
            [.int(limit), .float8(time / .seconds(1))]
        )
        return try decode(rows, ExecutionSummary.init)
    }
}
