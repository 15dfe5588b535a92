import JSON
import Store

/// The members that creating and updating a state machine have in common.
struct StateMachineMembers: Sendable {
    let definition: String?
    let roleARN: String?
    let logging: LoggingConfiguration?
    let tracing: TracingConfiguration?
    let encryption: EncryptionConfiguration?
    private let publishes: Bool
    private let versionDescription: String?

    init(_ members: inout RequestMembers, areRequired: Bool) throws(ServiceError) {
        if areRequired {
            definition = try members.string("definition", length: 1...1_048_576, isSecret: true)
            roleARN = try members.string("roleArn", length: 1...256)
        } else {
            definition = try members.optionalString("definition", length: 1...1_048_576, isSecret: true)
            roleARN = try members.optionalStoredString("roleArn", length: 1...256)
        }
        logging = try members.structure("loggingConfiguration", LoggingConfiguration.init)
        tracing = try members.structure("tracingConfiguration", TracingConfiguration.init)
        encryption = try members.structure("encryptionConfiguration", EncryptionConfiguration.init)
        publishes = try members.boolean("publish") ?? false
        versionDescription = try members.optionalStoredString("versionDescription", length: 0...256, isSecret: true)
    }

    /// What a revision holds after these were laid over what it held.
    func content(over content: RevisionContent) -> RevisionContent {
        var content = content
        if let definition { content.definition = definition }
        if let roleARN { content.roleARN = roleARN }
        if let logging { content.loggingConfiguration = logging.stored }
        if let tracing { content.tracingConfiguration = tracing.stored }
        if let encryption { content.encryptionConfiguration = encryption.stored }
        return content
    }

    /// Refuses what meets the model, and yet cannot be; says whether the revision is to be published.
    ///
    /// - Returns: The version, with its description, that is to be published.
    func version() throws(ServiceError) -> VersionRequest? {
        try logging?.check()
        try encryption?.check()
        guard publishes || versionDescription == nil else {
            throw .validation("Version description can only be set when publish is true")
        }
        return publishes ? VersionRequest(description: versionDescription) : nil
    }
}
