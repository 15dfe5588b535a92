import Postgres

/// Results of consecutive children that ran in memory, as they were kept together.
package struct KeptResults: Sendable {
    package var firstChild: Int
    package var children: Int
    /// As ``ChildResults/text``.
    package var text: String
    /// For each of the children: how often the run had been redriven when its result came; empty where that was never.
    package var redrives: [Int]
}

extension Store {
    /// Reads the first results of children that ran in memory which begin with a child, or behind it.
    package func keptResults(of run: MapRunID, from child: Int) async throws(StoreError) -> KeptResults? {
        let rows = try await query(
            """
            SELECT first_child, child_count, results, array_to_string(redrives, ',') FROM braid.map_run_results
            WHERE map_run_id = $1 AND first_child >= $2 ORDER BY first_child LIMIT 1
            """,
            [.uuid(run.value), .int8(Int64(child))]
        )
        return try decode(rows) { row throws(PostgresError) in
            let redrives: String? = try row[3]
            return KeptResults(
                firstChild: try row[0],
                children: try row[1],
                text: try row[2],
                redrives: (redrives ?? "").split(separator: ",").map { Int($0) ?? 0 }
            )
        }.first
    }

    /// Reads which children from one on have their results kept, in order.
    package func keptChildren(of run: MapRunID, from child: Int) async throws(StoreError) -> [Range<Int>] {
        let rows = try await query(
            """
            SELECT first_child, first_child + child_count FROM braid.map_run_results
            WHERE map_run_id = $1 AND first_child >= $2 ORDER BY first_child
            """,
            [.uuid(run.value), .int8(Int64(child))]
        )
        let kept = try decode(rows) { row throws(PostgresError) -> Range<Int> in
            let first: Int = try row[0]
            return try first..<row[1]
        }
        var ranges: [Range<Int>] = []
        for range in kept {
            if let last = ranges.last, last.upperBound == range.lowerBound {
                ranges[ranges.count - 1] = last.lowerBound..<range.upperBound
            } else {
                ranges.append(range)
            }
        }
        return ranges
    }
}
