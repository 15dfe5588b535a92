/// A step of a state's data flow, by what it gives.
package enum DataFlowStep: Sendable, Hashable, CaseIterable {
    /// What InputPath selects of the raw input.
    case inputPath
    /// What Parameters make of it: the effective input.
    case parameters
    /// What Arguments make of the input of a JSONata state: its effective input.
    case arguments
    /// The array that a Map iterates over.
    case itemsPath
    /// The inputs of a Map's iterations, where an ItemSelector makes them.
    case itemSelector
    /// What came of the state's work.
    case result
    /// What ResultSelector makes of it.
    case resultSelector
    /// The raw input with that in it.
    case resultPath
}
