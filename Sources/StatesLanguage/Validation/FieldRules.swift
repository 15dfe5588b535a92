import JSON

/// Which fields an object may, must and must not have together.
extension Fields {
    /// Refuses fields that are not in a list, as AWS does: at the object, in the object's order.
    func allow(only names: Set<String>) {
        for key in object.keys where !names.contains(key) {
            findings.schema("Field '\(key)' is not supported", at: place)
        }
    }

    /// Refuses the absence of fields, all of them in one message.
    func require(_ names: String...) {
        let missing = names.filter { !has($0) }
        guard !missing.isEmpty else { return }
        findings.schema("These fields are required: [\(missing.joined(separator: ", "))]", at: place)
    }

    /// Refuses more than one of several fields.
    func atMostOne(of names: String...) { _ = count(of: names) }

    /// Refuses none and more than one of several fields.
    func exactlyOne(of names: String...) {
        guard count(of: names) == 0 else { return }
        findings.schema(
            "This object should have only one of the following fields: [\(names.joined(separator: ", "))]",
            at: place
        )
    }

    private func count(of names: [String]) -> Int {
        let count = names.count { has($0) }
        if count > 1 {
            findings.schema(
                "There should only be one of the following fields: [\(names.joined(separator: ", "))]",
                at: place
            )
        }
        return count
    }
}

/// What fields of definitions are called, for who guesses what a mistyped one was to be.
package enum FieldNames {
    /// Those of all objects of a definition.
    package static let all: Set<String> = StateFields.allowed.values
        .reduce(into: Set(ChoiceShape.operators)) { $0.formUnion($1) }
        .union([
            "StartAt", "States", "Version", "ErrorEquals", "IntervalSeconds", "MaxAttempts", "BackoffRate",
            "MaxDelaySeconds", "JitterStrategy", "Variable", "And", "Or", "Not", "Condition", "ProcessorConfig", "Mode",
            "ExecutionType",
        ])
}

/// The fields of states, by type and query language.
///
/// Source: reference §1; measured, 8 types by 50 fields.
enum StateFields {
    private static let common: Set<String> = ["Type", "Comment", "QueryLanguage"]
    private static let paths: Set<String> = ["InputPath", "OutputPath", "Output"]
    private static let work: Set<String> = ["ResultPath", "Parameters", "ResultSelector", "Retry", "Catch", "Assign"]
    private static let transition: Set<String> = ["Next", "End"]

    /// Every field that a state of a type may have, of either query language.
    static let allowed: [StateType: Set<String>] = Dictionary(
        uniqueKeysWithValues: StateType.allCases.map { ($0, common.union(own(of: $0))) }
    )

    private static func own(of type: StateType) -> Set<String> {
        switch type {
        case .task:
            paths.union(work).union(transition).union([
                "Resource", "Credentials", "Arguments", "TimeoutSeconds", "TimeoutSecondsPath", "HeartbeatSeconds",
                "HeartbeatSecondsPath",
            ])
        case .parallel: paths.union(work).union(transition).union(["Branches", "Arguments"])
        case .map:
            paths.union(work).union(transition).union([
                "ItemProcessor", "Iterator", "ItemsPath", "Items", "ItemSelector", "ItemReader", "ItemBatcher",
                "ResultWriter", "MaxConcurrency", "MaxConcurrencyPath", "ToleratedFailureCount",
                "ToleratedFailureCountPath", "ToleratedFailurePercentage", "ToleratedFailurePercentagePath",
                "Label",
            ])
        case .pass: paths.union(transition).union(["Result", "ResultPath", "Parameters", "Assign"])
        case .wait:
            paths.union(transition).union(["Assign", "Seconds", "SecondsPath", "Timestamp", "TimestampPath"])
        case .choice: paths.union(["Assign", "Choices", "Default"])
        case .succeed: paths
        case .fail: ["Error", "ErrorPath", "Cause", "CausePath"]
        }
    }

    /// In the order in which they are reported.
    static let jsonPathOnly = [
        "InputPath", "OutputPath", "ResultPath", "ResultSelector", "Parameters", "Result", "ItemsPath",
        "MaxConcurrencyPath", "TimeoutSecondsPath", "HeartbeatSecondsPath", "SecondsPath", "TimestampPath",
        "ToleratedFailurePercentagePath", "ToleratedFailureCountPath", "ErrorPath", "CausePath",
    ]
    static let jsonataOnly = ["Output", "Arguments", "Items"]
}

extension Fields {
    /// Refuses a field of the other query language, at the object that has it.
    func refuse(_ names: [String], onlyFor language: QueryLanguage) {
        guard self.language != language else { return }
        for name in names where has(name) {
            findings.schema(
                "The QueryLanguage is set to '\(self.language.rawValue)', but field '\(name)' is only supported for the "
                    + "'\(language.rawValue)' QueryLanguage",
                at: place
            )
        }
    }

    /// Refuses the fields of a state that its query language does not have.
    func checkLanguageOfStateFields() {
        refuse(StateFields.jsonPathOnly, onlyFor: .jsonPath)
        refuse(StateFields.jsonataOnly, onlyFor: .jsonata)
    }

    /// The language of a state: JSONata for every value but exactly `"JSONPath"`, the machine's where there is none.
    ///
    /// It never depends on an enclosing Map or Parallel. Source: reference §1.
    func language(ofStateIn machine: QueryLanguage) -> QueryLanguage {
        guard let value = object["QueryLanguage"] else { return machine }
        return value.string == QueryLanguage.jsonPath.rawValue ? .jsonPath : .jsonata
    }
}
