import JSON
import StatesLanguage

/// Pass. Source: reference §8.
extension Walk {
    /// The result is the fixed one, to the letter, or what Parameters made of the input.
    mutating func pass(_ pass: PassState, in state: State) throws(Fault) -> Step {
        let input = try effectiveInput(of: pass.dataFlow, in: state)
        let result = pass.result ?? input
        let output = try output(of: pass.dataFlow, in: state, result: result, isInput: true)
        let assigned = try assigned(by: pass.dataFlow.assign, from: result, in: state)
        return try leave(state, with: output, assigning: assigned, to: pass.successor)
    }
}
