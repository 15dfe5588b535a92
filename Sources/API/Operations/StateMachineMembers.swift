import JSON
import Store

/// The members that creating and updating a state machine have in common.
struct StateMachineMembers: Sendable {
    let definition: String?
    let roleARN: String?
    let logging: LoggingConfiguration?
    let tracing: TracingConfiguration?
    let encryption: EncryptionConfiguration?

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
        try Self.refuseVersions(&members)
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

    /// Versions are refused rather than passed over: who asks for one would look for it later.
    private static func refuseVersions(_ members: inout RequestMembers) throws(ServiceError) {
        let isPublished = try members.boolean("publish") ?? false
        let description = try members.optionalString("versionDescription", length: 0...256, isSecret: true)
        guard isPublished || description == nil else {
            throw .validation("Version description can only be set when publish is true")
        }
        guard !isPublished else { throw .validation("Braid does not publish state machine versions yet") }
    }
}
