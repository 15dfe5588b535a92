import JSON
import StatesLanguage

/// Succeed: ends its own branch, iteration or execution. Source: reference §8.
extension Walk {
    mutating func succeed(_ succeed: SucceedState, in state: State) throws(Fault) -> Step {
        let input = try effectiveInput(of: succeed.dataFlow, in: state)
        let output = try output(of: succeed.dataFlow, in: state, result: input, isInput: true)
        return try leave(state, with: output, to: .end)
    }
}
