import JSON

/// A state that runs several graphs side by side, each with a copy of its input.
package struct ParallelState: Sendable {
    /// In the order of the result; never empty.
    package let branches: [StateGraph]
    package let dataFlow: DataFlow
    package let retriers: [Retrier]
    package let catchers: [Catcher]
    package let successor: Successor

    package init(
        branches: [StateGraph],
        dataFlow: DataFlow,
        retriers: [Retrier] = [],
        catchers: [Catcher] = [],
        successor: Successor
    ) {
        self.branches = branches
        self.dataFlow = dataFlow
        self.retriers = retriers
        self.catchers = catchers
        self.successor = successor
    }
}

extension ParallelState {
    init?(reading state: StateReader) {
        let fields = state.fields
        fields.require("Branches")
        let elements = fields.nonEmptyArray("Branches") ?? []
        let branches = elements.enumerated().compactMap { index, element in
            fields.fields(element, at: fields.place(of: "Branches").appending(index)).flatMap { branch in
                branch.allow(only: ["StartAt", "States", "Comment"])
                _ = branch.string("Comment")
                return state.definition.graph(branch, depth: state.depth + 1)
            }
        }
        let dataFlow = state.dataFlow([.work, .arguments])
        let retriers = state.retriers()
        let catchers = state.catchers()
        let successor = state.successor()
        guard branches.count == elements.count, let dataFlow, let successor else { return nil }
        self.init(
            branches: branches,
            dataFlow: dataFlow,
            retriers: retriers,
            catchers: catchers,
            successor: successor
        )
    }
}
