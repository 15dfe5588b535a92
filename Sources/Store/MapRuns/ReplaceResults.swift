import Postgres

/// Kept results in which some children's are others since they have run again.
package struct ReplacedResults: Sendable {
    package var firstChild: Int
    package var children: Int
    /// As ``ChildResults/text``.
    package var text: String
    /// How those that ran again had ended before, and how they have ended now.
    package var before: MapRunCounts
    package var after: MapRunCounts

    package init(firstChild: Int, children: Int, text: String, before: MapRunCounts, after: MapRunCounts) {
        self.firstChild = firstChild
        self.children = children
        self.text = text
        self.before = before
        self.after = after
    }
}

extension Store {
    /// Replaces kept results by what came of running children again, with the cursor of the redrive, in one transaction
    /// under the lock of the run's execution; does nothing where that was done before.
    ///
    /// - Returns: Whether the run's branch is still held.
    package func replace(_ results: ReplacedResults, by holder: MapRunHolder) async throws(StoreError) -> Bool {
        do {
            return try await pool.transaction { transaction throws(PostgresError) in
                let found = try await transaction.pipeline([holder.lock, holder.fence])
                guard let fence = found[1].first else { return false }
                let cursor: Int = try fence[0]
                guard cursor <= results.firstChild else { return true }
                var counts = results.after
                counts.executions.subtract(results.before.executions)
                counts.items.subtract(results.before.items)
                _ = try await transaction.commit([
                    Statement(
                        Self.replaceResults,
                        [.uuid(holder.run.value), .int8(Int64(results.firstChild)), .text(results.text)]
                    ),
                    BatchWrites.count([(holder.run, counts)]),
                    holder.advance(to: results.firstChild + results.children, results.before),
                ])
                return true
            }
        } catch {
            throw StoreError(error)
        }
    }

    /// What had not succeeded came in the present attempt, whatever it is.
    ///
    /// A kept result begins with how its child ended, which is read as text: to open the array (`->`) is to refuse `\u0000` and
    /// lone surrogates anywhere in it.
    private static let replaceResults = """
        UPDATE braid.map_run_results AS m SET results = $3, redrives = (
            SELECT array_agg(
                CASE WHEN child.result::text LIKE '["S",%' THEN coalesce(m.redrives[child.place::integer], 0)
                    ELSE r.redrive_count END
                ORDER BY child.place)
            FROM json_array_elements(m.results::json) WITH ORDINALITY AS child (result, place)
        )
        FROM braid.map_runs AS r
        WHERE m.map_run_id = $1 AND m.first_child = $2 AND r.map_run_id = m.map_run_id
        """

    /// Forgets that workers died over a run's branch: its holder has lived long enough to have nothing to do with that.
    package func forgiveLapses(of holder: MapRunHolder) async throws(StoreError) {
        _ = try await query(holder.forgiveness.sql, holder.forgiveness.values)
    }

    /// Notes that a run's redrive has looked at all children.
    ///
    /// - Returns: Whether the run's branch is still held.
    package func finishRedrive(by holder: MapRunHolder) async throws(StoreError) -> Bool {
        do {
            return try await pool.transaction { transaction throws(PostgresError) in
                let found = try await transaction.pipeline([holder.lock, holder.fence])
                guard found[1].first != nil else { return false }
                _ = try await transaction.commit([holder.finish])
                return true
            }
        } catch {
            throw StoreError(error)
        }
    }
}
