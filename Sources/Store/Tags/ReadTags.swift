import Postgres

extension Store {
    /// Reads the tags of a resource, by key; `nil` if there is no such resource.
    package func readTags(of owner: TagOwner) async throws(StoreError) -> [(key: String, value: String)]? {
        let rows = try await query(
            """
            SELECT tags.key, tags.value FROM \(owner.table) AS owners
            LEFT JOIN LATERAL jsonb_each_text(owners.tags) AS tags ON true
            WHERE \(owner.condition) ORDER BY tags.key COLLATE "C"
            """,
            [.text(owner.name)]
        )
        guard !rows.isEmpty else { return nil }
        return try decode(rows) { row throws(PostgresError) in
            (key: try row.decode("key", as: String?.self), value: try row.decode("value", as: String?.self))
        }.compactMap { tag in
            guard let key = tag.key, let value = tag.value else { return nil }
            return (key, value)
        }
    }
}
