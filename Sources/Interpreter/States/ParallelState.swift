import JSON
import StatesLanguage

/// Parallel. Source: reference §12.
extension Walk {
    /// Starts all branches, each with a copy of the effective input.
    ///
    /// A retry starts all of them again.
    mutating func fork(_ parallel: ParallelState, in state: State) throws(Fault) -> Step {
        let input = try effectiveInput(of: parallel.dataFlow, in: state)
        append(HistoryEvent(.parallelStateStarted, after: previous))
        branch.phase = .forked
        let item = inheritedItem
        let children = parallel.branches.map { Fork.Child(state: $0.startAt, input: input, item: item) }
        let shares = definition.sharesVariables(inside: state.name)
        return .pause(.fork(Fork(isMap: false, children: children, sharesVariables: shares)))
    }

    /// What the branches of a Parallel know of the item of the iteration that they are in: all of `Map.Item`.
    private var inheritedItem: JSONText? {
        guard definition.readsContext else { return nil }
        switch branch.kind {
        case .root: return nil
        case .branch: return branch.item
        case .iteration(let index):
            let value = (branch.item ?? branch.input).value
            return JSONText(.object(["Index": .number(JSONNumber(index)), "Value": value]))
        }
    }
}
