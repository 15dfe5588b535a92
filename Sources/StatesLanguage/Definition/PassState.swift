package import JSON

/// A state that passes its input on, or a fixed result.
package struct PassState: Sendable {
    /// The fixed result, to the letter; `nil` passes the effective input on.
    package let result: JSONText?
    package let dataFlow: DataFlow
    package let successor: Successor

    package init(result: JSONText? = nil, dataFlow: DataFlow, successor: Successor) {
        self.result = result
        self.dataFlow = dataFlow
        self.successor = successor
    }
}

extension PassState {
    init?(reading state: StateReader) {
        Warnings.check(resultOf: state.fields)
        let result = state.fields.object["Result"].map { JSONText($0) }
        let dataFlow = state.dataFlow([.parameters, .resultPath])
        let successor = state.successor()
        guard let dataFlow, let successor else { return nil }
        self.init(result: result, dataFlow: dataFlow, successor: successor)
    }
}
