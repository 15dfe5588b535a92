import JSON
import StatesLanguage

/// Choice. Source: reference §9.
extension Walk {
    /// The first rule that matches says where to go and what to assign, else `Default` and the state's own `Assign` do.
    mutating func choose(_ choice: ChoiceState, in state: State) throws(Fault) -> Step {
        let input = try effectiveInput(of: choice.dataFlow, in: state)
        let rule = try rule(of: choice, in: scope(of: input, in: state))
        guard let next = rule?.next ?? choice.defaultState else {
            // AWS does not say States.NoChoiceMatched. Source: reference §9.
            throw .runtime("Failed to transition out of the state. The state does not point to a next state.")
        }
        let output = try output(of: choice.dataFlow, in: state, result: input)
        let assign = rule == nil ? choice.dataFlow.assign : rule?.assign
        let assigned = try assigned(by: assign, from: input, in: state)
        return try leave(state, with: output, assigning: assigned, to: .next(next))
    }

    private func rule(of choice: ChoiceState, in scope: Scope) throws(Fault) -> ChoiceRule? {
        do {
            for rule in choice.rules where try rule.matches(scope) { return rule }
            return nil
        } catch {
            throw Fault(error)
        }
    }
}
