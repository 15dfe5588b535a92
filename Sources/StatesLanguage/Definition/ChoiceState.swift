import JSON

/// A state that leads where the first rule that matches says.
package struct ChoiceState: Sendable {
    /// In order; never empty.
    package let rules: [ChoiceRule]
    /// Where to go if none matches; without it the execution fails then.
    package let defaultState: String?
    package let dataFlow: JSONPathDataFlow

    package init(rules: [ChoiceRule], defaultState: String? = nil, dataFlow: JSONPathDataFlow) {
        self.rules = rules
        self.defaultState = defaultState
        self.dataFlow = dataFlow
    }
}

extension ChoiceState {
    init?(reading state: StateReader) {
        let fields = state.fields
        fields.require("Choices")
        let place = fields.place(of: "Choices")
        let rules = (fields.nonEmptyArray("Choices") ?? []).enumerated().compactMap { index, element in
            fields.fields(element, at: place.appending(index)).flatMap { Self.rule(element, $0, of: state) }
        }
        let defaultState = fields.string("Default")
        let dataFlow = state.dataFlow()
        guard let dataFlow else { return nil }
        self.init(rules: rules, defaultState: defaultState, dataFlow: dataFlow)
    }

    private static func rule(_ rule: JSONValue, _ fields: Fields, of state: StateReader) -> ChoiceRule? {
        let errors = fields.findings.errorCount
        ChoiceShape.check(fields, isTopLevel: true)
        _ = fields.string("Next")
        let assign = state.assignment(in: fields)
        // What has the wrong shape need not be said twice.
        guard fields.findings.errorCount == errors, fields.language == .jsonPath else { return nil }
        do {
            var rule = try ChoiceRule(compiling: rule, at: fields.place)
            rule.assign = assign
            return rule
        } catch {
            for problem in error.problems { fields.findings.schema(problem.message, at: problem.place) }
            return nil
        }
    }
}
