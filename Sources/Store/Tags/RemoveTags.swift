import Postgres

extension Store {
    /// Takes the tags of these keys from a resource; those that it does not have are no error.
    ///
    /// - Returns: Whether there is such a resource.
    package func removeTags(_ keys: [String], from owner: TagOwner) async throws(StoreError) -> Bool {
        try await query(
            "UPDATE \(owner.table) AS owners SET tags = owners.tags - $2::text[] WHERE \(owner.condition)",
            [.text(owner.name), .textArray(keys)]
        ).affected > 0
    }
}
