import JSON

/// A state that leads where the first rule that matches says.
package struct ChoiceState: Sendable {
    /// In order; never empty.
    package let options: [ChoiceOption]
    /// Where to go if none matches; without it the execution fails then.
    package let defaultState: String?
    package let dataFlow: DataFlow

    package init(options: [ChoiceOption], defaultState: String? = nil, dataFlow: DataFlow) {
        self.options = options
        self.defaultState = defaultState
        self.dataFlow = dataFlow
    }
}

extension ChoiceState {
    init?(reading state: StateReader) {
        let fields = state.fields
        fields.require("Choices")
        let place = fields.place(of: "Choices")
        let options = (fields.nonEmptyArray("Choices") ?? []).enumerated().compactMap { index, element in
            fields.fields(element, at: place.appending(index)).flatMap { state.option(element, $0) }
        }
        let defaultState = fields.string("Default")
        let dataFlow = state.dataFlow()
        guard let dataFlow else { return nil }
        self.init(options: options, defaultState: defaultState, dataFlow: dataFlow)
    }
}
