import Postgres
package import StatesLanguage

/// A state machine together with one of its revisions: the one that it has now, or the one that an execution pins.
package struct StateMachineRecord: Sendable, Equatable {
    package enum Status: String, Sendable {
        case active = "ACTIVE"
        /// Deleted, while executions of it still run.
        case deleting = "DELETING"
        case deleted = "DELETED"
    }

    package var id: StateMachineID
    package var name: String
    package var type: StateMachineType
    package var status: Status
    package var createdAt: Timestamp

    package var revisionID: RevisionID
    /// What the API calls `revisionId`; `nil` is the first revision, `INITIAL` there.
    package var revision: String?
    package var definition: String
    package var roleARN: String
    /// JSON, as the API shows it; `nil` where none was given.
    package var loggingConfiguration: String?
    package var tracingConfiguration: String?
    package var encryptionConfiguration: String?
    package var revisionCreatedAt: Timestamp

    /// The version that was named or published; `nil` where neither was.
    package var version: VersionRecord?
}

extension StateMachineRecord {
    /// The columns that ``init(_:)`` reads, of `machines` and `revisions`.
    static let columns = """
        machines.state_machine_id, machines.name, machines.type, machines.status, machines.created_at,
        revisions.revision_id, revisions.revision, revisions.definition, revisions.role_arn,
        revisions.logging_configuration, revisions.tracing_configuration, revisions.encryption_configuration,
        revisions.created_at AS revision_created_at
        """

    init(_ row: Row) throws(PostgresError) {
        id = StateMachineID(rawValue: try row["state_machine_id"])
        name = try row["name"]
        type = try row.word("type")
        status = try row.word("status")
        createdAt = try row.timestamp("created_at")
        revisionID = RevisionID(rawValue: try row["revision_id"])
        revision = try row["revision"]
        definition = try row["definition"]
        roleARN = try row["role_arn"]
        loggingConfiguration = try row["logging_configuration"]
        tracingConfiguration = try row["tracing_configuration"]
        encryptionConfiguration = try row["encryption_configuration"]
        revisionCreatedAt = try row.timestamp("revision_created_at")
    }
}
