import JSON

/// A state that ends its execution, branch or iteration well.
package struct SucceedState: Sendable {
    package let dataFlow: DataFlow

    package init(dataFlow: DataFlow) { self.dataFlow = dataFlow }
}

extension SucceedState {
    init?(reading state: StateReader) {
        guard let dataFlow = state.dataFlow() else { return nil }
        self.init(dataFlow: dataFlow)
    }
}
