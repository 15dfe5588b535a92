import Engine
import JSON
import Store

extension StateMachineRecord {
    /// The members that every description of a state machine or its revision has.
    func described(by arns: ARNs, withDefinition: Bool) -> JSONObject {
        let arn = version.map { arns.version($0.number, of: name) } ?? arns.stateMachine(name)
        var shape: JSONObject = [
            "stateMachineArn": .string("\(arn)"),
            "name": .string(name),
            "definition": .string(withDefinition ? definition : "{}"),
            "roleArn": .string(roleARN),
            "loggingConfiguration": Self.parsed(loggingConfiguration) ?? .object(LoggingConfiguration.none),
            "tracingConfiguration": Self.parsed(tracingConfiguration) ?? .object(TracingConfiguration.none),
        ]
        if let encryption = Self.parsed(encryptionConfiguration) { shape["encryptionConfiguration"] = encryption }
        if let revision { shape["revisionId"] = .string(revision) }
        if let description = version?.description { shape["description"] = .string(description) }
        return shape
    }

    private static func parsed(_ text: String?) -> JSONValue? {
        text.flatMap { try? JSONValue(parsing: $0) }
    }
}
