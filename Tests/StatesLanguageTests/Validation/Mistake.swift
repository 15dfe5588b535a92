import StatesLanguage
import Testing

/// A definition with something wrong, and all that is said of it.
struct Mistake: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let definition: String
    var type = StateMachineType.standard
    /// Each as ``Diagnostic`` describes itself.
    let diagnostics: [String]

    /// A mistake in a machine.
    init(_ name: String, in definition: String, type: StateMachineType = .standard, _ diagnostics: String...) {
        testDescription = name
        self.definition = definition
        self.type = type
        self.diagnostics = diagnostics
    }

    /// The same, its diagnostics as a list.
    init(_ name: String, in definition: String, type: StateMachineType = .standard, _ diagnostics: [String]) {
        testDescription = name
        self.definition = definition
        self.type = type
        self.diagnostics = diagnostics
    }

    /// A mistake in the state `X`, which is alone in its machine.
    init(_ name: String, state: String, type: StateMachineType = .standard, _ diagnostics: String...) {
        testDescription = name
        definition = #"{"StartAt": "X", "States": {"X": \#(state)}}"#
        self.type = type
        self.diagnostics = diagnostics
    }

    /// A mistake in a Task `X`, which is whole but for some fields.
    init(_ name: String, task fields: String, type: StateMachineType = .standard, _ diagnostics: String...) {
        testDescription = name
        let resource = "arn:aws:lambda:us-east-1:123456789012:function:f"
        definition = """
            {"StartAt": "X", "States": {"X": {"Type": "Task", "Resource": "\(resource)", \(fields), "End": true}}}
            """
        self.type = type
        self.diagnostics = diagnostics
    }

    /// A mistake in the first rule of a Choice `X`.
    init(_ name: String, rule: String, _ diagnostics: String...) {
        testDescription = name
        definition = """
            {"StartAt": "X", "States": {"X": {"Type": "Choice", "Choices": [\(rule)], "Default": "Y"}, "Y": {"Type": "Fail"}}}
            """
        self.diagnostics = diagnostics
    }

    /// A mistake in a Map `X`, which is whole but for some fields.
    init(_ name: String, map fields: String, type: StateMachineType = .standard, _ diagnostics: String...) {
        testDescription = name
        definition = """
            {"StartAt": "X", "States": {"X": {"Type": "Map", \(fields), "End": true}}}
            """
        self.type = type
        self.diagnostics = diagnostics
    }

    /// Expects exactly these diagnostics of that severity, and that errors keep the definition from being parsed.
    func check(_ severity: Diagnostic.Severity = .error) {
        let found = Validator.diagnostics(of: definition, type: type)
        #expect(found.filter { $0.severity == severity }.map(\.description) == diagnostics)
        if severity == .error {
            let refusal = #expect(throws: InvalidDefinition.self) {
                try StateMachineDefinition(parsing: definition, type: type)
            }
            #expect(refusal?.diagnostics == found)
        }
    }
}
