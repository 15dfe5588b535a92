import Postgres

/// What came of adding tags.
package enum TagOutcome: Sendable, Equatable {
    case done
    /// It would have more than the limit; nothing was added.
    case tooMany
    case notFound
}

extension Store {
    /// Gives a resource tags, in place of those of the same keys, unless it would have more than the limit then.
    ///
    /// It is one update of the resource's own row, so of two at once the second counts what the first added.
    package func addTags(
        _ tags: [String: String],
        to owner: TagOwner,
        limit: Int
    ) async throws(StoreError) -> TagOutcome {
        let rows = try await query(
            """
            WITH changed AS (
                UPDATE \(owner.table) AS owners SET tags = owners.tags || $2::jsonb
                WHERE \(owner.condition)
                    AND (SELECT count(*) FROM jsonb_object_keys(owners.tags || $2::jsonb)) <= $3
                RETURNING 1
            )
            SELECT EXISTS (SELECT FROM changed) FROM \(owner.table) AS owners WHERE \(owner.condition)
            """,
            [.text(owner.name), .text(TagOwner.json(of: tags)), .int(limit)]
        )
        let changed = try decode(rows) { row throws(PostgresError) -> Bool in try row[0] }.first
        return changed.map { $0 ? .done : .tooMany } ?? .notFound
    }
}
