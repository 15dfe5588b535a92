import JSON

/// One of the ways out of a Choice state.
package struct ChoiceOption: Sendable {
    /// What must hold for it, in the state's language.
    package enum Condition: Sendable {
        case rule(ChoiceRule)
        case literal(Bool)
        /// An expression that must give a boolean.
        case expression(QueryExpression)
    }

    package let condition: Condition
    /// The state that follows.
    package let next: String
    /// The output, in place of the state's; of JSONata states only.
    package let output: QueryTemplate?
    /// What it assigns, in place of what the state would.
    package let assign: Template?
}

extension ChoiceOption {
    /// What it reads.
    var reads: [DataRead] {
        let condition: [DataRead] =
            switch condition {
            case .rule(let rule): rule.paths.map { .path($0) }
            case .literal: []
            case .expression(let expression): [.expression(expression)]
            }
        return condition + (output?.expressions ?? []).map { .expression($0) } + (assign?.reads ?? [])
    }
}

extension StateReader {
    /// Reads an element of Choices.
    func option(_ rule: JSONValue, _ fields: Fields) -> ChoiceOption? {
        let errors = findings.errorCount
        ChoiceShape.check(fields, isTopLevel: true)
        let next = fields.string("Next")
        let assign = assignment(in: fields)
        let output = fields.language == .jsonata ? query("Output", of: fields) : nil
        let condition = condition(rule, fields, isWhole: findings.errorCount == errors)
        guard findings.errorCount == errors, let next, let condition else { return nil }
        return ChoiceOption(condition: condition, next: next, output: output, assign: assign)
    }

    private func condition(_ rule: JSONValue, _ fields: Fields, isWhole: Bool) -> ChoiceOption.Condition? {
        guard fields.language == .jsonPath else {
            fields.require("Condition")
            if let expression = expression("Condition", of: fields) { return .expression(expression) }
            return fields.boolean("Condition").map { .literal($0) }
        }
        // What has the wrong shape need not be said twice.
        guard isWhole else { return nil }
        do {
            return .rule(try ChoiceRule(compiling: rule, at: fields.place))
        } catch {
            for problem in error.problems { fields.findings.schema(problem.message, at: problem.place) }
            return nil
        }
    }
}
