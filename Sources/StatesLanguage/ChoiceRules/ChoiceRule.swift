package import JSON

/// A rule of a Choice state: a condition, and the state that follows where it holds.
///
/// Source: Amazon States Language, "Choice State"; asl.md §9.
package struct ChoiceRule: Sendable {
    /// The state that follows.
    package let next: String
    let condition: ChoiceCondition

    /// Compiles a rule.
    ///
    /// - Parameters:
    ///   - rule: An element of Choices.
    ///   - place: Where it stands in the definition.
    /// - Throws: All that is wrong with it at once.
    package init(compiling rule: JSONValue, at place: JSONPointer) throws(InvalidChoiceRule) {
        var compiler = ChoiceRuleCompiler()
        let condition = compiler.condition(rule, at: place, isOutermost: true)
        let next = rule["Next"]?.string
        if rule.object != nil, next == nil {
            compiler.report("The field 'Next' must be the name of a state", at: place)
        }
        guard compiler.problems.isEmpty, let condition, let next else {
            throw InvalidChoiceRule(problems: compiler.problems)
        }
        self.condition = condition
        self.next = next
    }

    /// Whether the condition holds.
    ///
    /// The rules of And and Or are tried in order, and no more of them than are needed.
    package func matches(_ scope: Scope) throws(DataFlowError) -> Bool {
        var source = PathSource(scope)
        return try condition.holds(in: &source)
    }

    /// The paths that it reads, in the order of the text.
    package var paths: [DataPath] { condition.paths }

    /// Whether a path in it reads the context object.
    package var readsContext: Bool { paths.contains(where: \.readsContext) }

    /// Whether a path in it can read the execution's input through the context object.
    package var readsExecutionInput: Bool { paths.contains(where: \.readsExecutionInput) }
}

/// Why a value is not a rule of a Choice state.
package struct InvalidChoiceRule: Error, CustomStringConvertible {
    /// In the order of the text; never empty.
    package let problems: [Problem]

    package var description: String { problems.map(\.description).joined(separator: ", ") }
}
