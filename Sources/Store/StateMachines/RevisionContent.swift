import Postgres

/// What a new revision of a state machine holds.
package struct RevisionContent: Sendable, Equatable {
    package var definition: String
    package var roleARN: String
    /// JSON, as the API shows it; `nil` where none was given.
    package var loggingConfiguration: String?
    package var tracingConfiguration: String?
    package var encryptionConfiguration: String?

    package init(
        definition: String,
        roleARN: String,
        loggingConfiguration: String? = nil,
        tracingConfiguration: String? = nil,
        encryptionConfiguration: String? = nil
    ) {
        self.definition = definition
        self.roleARN = roleARN
        self.loggingConfiguration = loggingConfiguration
        self.tracingConfiguration = tracingConfiguration
        self.encryptionConfiguration = encryptionConfiguration
    }

    /// What a revision holds.
    package init(of record: StateMachineRecord) {
        self.init(
            definition: record.definition,
            roleARN: record.roleARN,
            loggingConfiguration: record.loggingConfiguration,
            tracingConfiguration: record.tracingConfiguration,
            encryptionConfiguration: record.encryptionConfiguration
        )
    }

    /// The values of `definition, role_arn, logging_configuration, tracing_configuration, encryption_configuration`.
    var values: [PostgresValue] {
        [
            .text(definition), .text(roleARN), .optional(loggingConfiguration, PostgresValue.text),
            .optional(tracingConfiguration, PostgresValue.text), .optional(encryptionConfiguration, PostgresValue.text),
        ]
    }
}
