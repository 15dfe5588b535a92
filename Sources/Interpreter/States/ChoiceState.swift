import JSON
import StatesLanguage

/// Choice. Source: reference §9.
extension Walk {
    /// The first rule that matches says where to go, else `Default` does.
    mutating func choose(_ choice: ChoiceState, in state: State) throws(Fault) -> Step {
        let input = try effectiveInput(of: choice.dataFlow, in: state)
        guard let next = try target(of: choice, in: scope(of: input, in: state)) else {
            // AWS does not say States.NoChoiceMatched. Source: reference §9.
            throw .runtime("Failed to transition out of the state. The state does not point to a next state.")
        }
        return try leave(state, with: try output(of: choice.dataFlow, in: state, result: input), to: .next(next))
    }

    private func target(of choice: ChoiceState, in scope: Scope) throws(Fault) -> String? {
        do {
            for rule in choice.rules where try rule.matches(scope) { return rule.next }
            return choice.defaultState
        } catch {
            throw Fault(error)
        }
    }
}
