import Engine
import JSON
import StatesLanguage
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
        let compiled = try? StateMachineDefinition(parsing: definition, type: type)
        // Recordings from before 2024-11 do not have it where none was given, later ones do; all later ones are of machines
        // that could not have been recorded earlier.
        let unsaid: JSONValue? = compiled?.isOfLaterEdition == true ? ["type": "AWS_OWNED_KEY"] : nil
        if let encryption = Self.parsed(encryptionConfiguration) ?? unsaid {
            shape["encryptionConfiguration"] = encryption
        }
        if withDefinition, let references = compiled.flatMap(Self.variableReferences) {
            shape["variableReferences"] = references
        }
        if let revision { shape["revisionId"] = .string(revision) }
        if let description = version?.description { shape["description"] = .string(description) }
        return shape
    }

    /// The variables that each state reads, by its name; `nil` if none reads any (recorded,
    /// test_sfn_api_variable_references).
    private static func variableReferences(of definition: StateMachineDefinition) -> JSONValue? {
        let references = definition.variableReferences
        guard !references.isEmpty else { return nil }
        return .object(
            JSONObject(references.map { (key: $0.state, value: .array($0.variables.map(JSONValue.string))) })
        )
    }

    private static func parsed(_ text: String?) -> JSONValue? {
        text.flatMap { try? JSONValue(parsing: $0) }
    }
}
