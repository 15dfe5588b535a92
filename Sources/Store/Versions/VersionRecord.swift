import Postgres
package import StatesLanguage

/// A revision that was published under a number.
package struct VersionRecord: Sendable, Equatable {
    /// Counted from 1, never given twice.
    package var number: Int
    package var revisionID: RevisionID
    package var description: String?
    package var createdAt: Timestamp
}

extension VersionRecord {
    /// The columns that ``init(_:)`` reads, of `versions`.
    static let columns = """
        versions.version, versions.revision_id AS version_revision_id, versions.description AS version_description,
        versions.created_at AS version_created_at
        """

    init(_ row: Row) throws(PostgresError) {
        number = try row["version"]
        revisionID = RevisionID(rawValue: try row["version_revision_id"])
        description = try row["version_description"]
        createdAt = try row.timestamp("version_created_at")
    }
}

/// That a revision is to be published as a version.
package struct VersionRequest: Sendable, Equatable {
    package var description: String?

    package init(description: String? = nil) { self.description = description }
}
