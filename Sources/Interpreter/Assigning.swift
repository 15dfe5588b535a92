import JSON
import StatesLanguage

/// Variables: what a state assigns, all of it evaluated against the variables from before. Source: reference §3.
extension Walk {
    /// Returns what a template assigns: an `Assign` of the state, a catcher or a rule.
    ///
    /// `input` is what `$` is in a JSONPath state's; `scope` is what a JSONata state's is evaluated in.
    mutating func assigned(
        by template: Template?,
        from input: @autoclosure () -> JSONText,
        in state: State,
        _ scope: QueryScope? = nil
    ) throws(Fault) -> JSONObject {
        switch template {
        case nil: return [:]
        case .payload(let template):
            let scope = Scope(input: input().value, context: context(of: state), variables: branch.variables)
            return try checked(try value(of: template, in: scope).object ?? [:], in: state)
        case .query(let template):
            var scope = scope ?? queryScope(in: state)
            return try checked(try value(of: template, in: &scope).object ?? [:], in: state)
        }
    }

    /// Returns what is to be assigned if it keeps to the limits.
    private func checked(_ assigned: JSONObject, in state: State) throws(Fault) -> JSONObject {
        let bytes = assigned.reduce(0) { $0 + $1.value.text.utf8.count }
        guard bytes <= limits.maxAssignedBytes else { throw .variablesTooLarge(of: state.name) }
        var after = branch.variables
        after.assign(assigned)
        // Spaces and escapes aside, which the text in the row may have more of.
        var budget = PayloadBudget(bytes: limits.maxVariableBytes)
        guard budget.spend(on: .object(after.visible)) else { throw .variablesTooLarge(of: state.name) }
        return assigned
    }
}
