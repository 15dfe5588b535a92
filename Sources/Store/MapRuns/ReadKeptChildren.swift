import Postgres

/// Results of consecutive children that ran in memory, as they are kept.
package struct KeptPage: Sendable {
    package var firstChild: Int
    package var children: Int
    /// As ``ChildResults/text``.
    package var text: String

    /// Whether that child's is one of them.
    package func contains(_ child: Int) -> Bool { firstChild..<firstChild + children ~= child }
}

extension Store {
    /// Reads the last kept results that begin in front of a child, and hold one that may have ended in one of some ways.
    ///
    /// How each ended begins what is kept of it. So does what somebody's output happens to hold: then there is none after all.
    ///
    /// - Parameters:
    ///   - run: The run.
    ///   - child: The place of a child, which may be among them.
    ///   - statuses: What is looked for.
    /// - Throws: What the database failed with.
    /// - Returns: The results; `nil` where there are none.
    package func keptPage(
        of run: MapRunID,
        before child: Int,
        with statuses: [ExecutionStatus] = ExecutionStatus.allCases
    ) async throws(StoreError) -> KeptPage? {
        let kinds = statuses.compactMap { status -> String? in
            switch status {
            case .running: nil
            case .succeeded: "S"
            case .failed: "F"
            case .timedOut: "T"
            case .aborted: "A"
            }
        }
        let rows = try await query(
            """
            SELECT first_child, child_count, results FROM braid.map_run_results
            WHERE map_run_id = $1 AND first_child < $2 AND ($3::text[] IS NULL OR results LIKE ANY ($3))
            ORDER BY first_child DESC LIMIT 1
            """,
            [
                .uuid(run.value), .int8(Int64(child)),
                // All is what most ask for, and need not be looked through.
                .optional(kinds.count == 4 ? nil : kinds) { .textArray($0.map { "%[\"\($0)\",%" }) },
            ]
        )
        return try decode(rows) { row throws(PostgresError) in
            KeptPage(firstChild: try row[0], children: try row[1], text: try row[2])
        }.first
    }
}
