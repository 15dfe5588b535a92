import JSON
import StatesLanguage

/// Succeed: ends its own branch, iteration or execution. Source: reference §8.
extension Walk {
    mutating func succeed(_ succeed: SucceedState, in state: State) throws(Fault) -> Step {
        let input = try effectiveInput(of: succeed.dataFlow, in: state)
        return try leave(state, with: try output(of: succeed.dataFlow, in: state, result: input), to: .end)
    }
}
