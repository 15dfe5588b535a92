import JSON
import StatesLanguage

/// Choice.
///
/// Source: reference §9.
extension Walk {
    /// The first rule that matches says where to go, what comes out and what to assign; without one the state itself does.
    mutating func choose(_ choice: ChoiceState, in state: State) throws(Fault) -> Step {
        let input = try effectiveInput(of: choice.dataFlow, in: state)
        let option = try option(of: choice, input: input, in: state)
        guard let next = option?.next ?? choice.defaultState else {
            // AWS does not say States.NoChoiceMatched. Source: reference §9.
            throw .runtime("Failed to transition out of the state. The state does not point to a next state.")
        }
        let output = try output(of: flow(of: choice, option), in: state, result: input, isInput: true)
        let assign = option == nil ? choice.dataFlow.assign : option?.assign
        let assigned = try assigned(by: assign, from: input, in: state)
        return try leave(state, with: output, assigning: assigned, to: .next(next))
    }

    /// The state's data flow, with the Output of the rule that matched.
    private func flow(of choice: ChoiceState, _ option: ChoiceOption?) -> DataFlow {
        guard case .jsonata(var flow) = choice.dataFlow, let option else { return choice.dataFlow }
        flow.output = option.output
        return .jsonata(flow)
    }

    private mutating func option(
        of choice: ChoiceState,
        input: JSONText,
        in state: State
    ) throws(Fault) -> ChoiceOption? {
        switch choice.dataFlow {
        case .jsonPath:
            let scope = scope(of: input, in: state)
            do {
                for option in choice.options {
                    if case .rule(let rule) = option.condition, try rule.matches(scope) { return option }
                }
            } catch {
                throw Fault(error)
            }
        case .jsonata:
            var scope = queryScope(in: state)
            do {
                for option in choice.options {
                    switch option.condition {
                    case .literal(true): return option
                    case .expression(let condition):
                        if try scope.condition(condition, using: &random) { return option }
                    case .literal(false), .rule: continue
                    }
                }
            } catch {
                throw Fault(error)
            }
        }
        return nil
    }
}
