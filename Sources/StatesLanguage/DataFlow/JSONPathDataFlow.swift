package import JSON

/// The fields through which a JSONPath state's data flows, in their order.
///
/// Raw input → InputPath → Parameters → work → ResultSelector → ResultPath, into the *raw* input → OutputPath. Each step
/// is a function of its own, so that it can be shown; a text that a step does not touch leaves it to the letter.
/// Source: Amazon States Language, "Input and Output Processing"; asl.md §3.
package struct JSONPathDataFlow: Sendable {
    package var inputPath: PathField
    package var parameters: PayloadTemplate?
    package var resultSelector: PayloadTemplate?
    package var resultPath: ResultPathField
    package var outputPath: PathField
    /// What the state assigns: evaluated beside all that, from what the state works on or its raw result.
    package var assign: PayloadTemplate?

    package init(
        inputPath: PathField = .whole,
        parameters: PayloadTemplate? = nil,
        resultSelector: PayloadTemplate? = nil,
        resultPath: ResultPathField = .whole,
        outputPath: PathField = .whole,
        assign: PayloadTemplate? = nil
    ) {
        self.inputPath = inputPath
        self.parameters = parameters
        self.resultSelector = resultSelector
        self.resultPath = resultPath
        self.outputPath = outputPath
        self.assign = assign
    }

    /// Whether a field reads the context object.
    package var readsContext: Bool { paths.contains(where: \.readsContext) }

    /// Whether a field can read the execution's input through the context object.
    package var readsExecutionInput: Bool { paths.contains(where: \.readsExecutionInput) }

    /// Whether the same input always gives the same effective input.
    package var isInputDeterministic: Bool { parameters?.isDeterministic ?? true }

    /// Whether the effective input is the raw one, to the letter.
    package var passesInput: Bool { inputPath == .whole && parameters == nil }

    /// Whether the output is the result, to the letter.
    package var passesResult: Bool { resultSelector == nil && resultPath == .whole && outputPath == .whole }

    /// The paths that its fields read.
    package var paths: [DataPath] {
        [inputPath.path, outputPath.path].compactMap(\.self) + (parameters?.paths ?? []) + (resultSelector?.paths ?? [])
            + (assign?.paths ?? [])
    }
}

// MARK: - From raw to effective input

extension JSONPathDataFlow {
    /// Returns what the state works on: InputPath, then Parameters; `note` is shown what each gives.
    package func effectiveInput(
        raw: JSONText,
        context: ContextObject,
        variables: Variables = [:],
        using generator: inout some RandomNumberGenerator,
        noting note: (DataFlowStep, JSONText) -> Void = { _, _ in }
    ) throws(DataFlowError) -> JSONText {
        let input = try afterInputPath(raw: raw, context: context, variables: variables)
        note(.inputPath, input)
        let effective = try afterParameters(input, context: context, variables: variables, using: &generator)
        note(.parameters, effective)
        return effective
    }

    /// Returns what InputPath selects of the raw input.
    package func afterInputPath(
        raw: JSONText,
        context: ContextObject,
        variables: Variables = [:]
    ) throws(DataFlowError) -> JSONText {
        try inputPath.select(from: raw, context: context, variables: variables)
    }

    /// Returns what Parameters make of what InputPath selected.
    package func afterParameters(
        _ input: JSONText,
        context: ContextObject,
        variables: Variables = [:],
        using generator: inout some RandomNumberGenerator
    ) throws(DataFlowError) -> JSONText {
        guard let parameters else { return input }
        var source = PathSource(input: input, context: context, variables: variables)
        return try parameters.text(in: &source, using: &generator)
    }
}

// MARK: - From result to output

extension JSONPathDataFlow {
    /// Returns the state's output: ResultSelector, ResultPath into the raw input, OutputPath; `note` is shown the result and
    /// what the first two give.
    package func output(
        raw: JSONText,
        result: JSONText,
        context: ContextObject,
        variables: Variables = [:],
        using generator: inout some RandomNumberGenerator,
        noting note: (DataFlowStep, JSONText) -> Void = { _, _ in }
    ) throws(DataFlowError) -> JSONText {
        note(.result, result)
        let selected = try afterResultSelector(result, context: context, variables: variables, using: &generator)
        note(.resultSelector, selected)
        let combined = try afterResultPath(raw: raw, result: selected)
        note(.resultPath, combined)
        return try afterOutputPath(combined, context: context, variables: variables)
    }

    /// Returns what ResultSelector makes of the result.
    package func afterResultSelector(
        _ result: JSONText,
        context: ContextObject,
        variables: Variables = [:],
        using generator: inout some RandomNumberGenerator
    ) throws(DataFlowError) -> JSONText {
        guard let resultSelector else { return result }
        var source = PathSource(input: result, context: context, variables: variables)
        return try resultSelector.text(in: &source, using: &generator)
    }

    /// Returns the raw input with the result in it, as ResultPath says.
    package func afterResultPath(raw: JSONText, result: JSONText) throws(DataFlowError) -> JSONText {
        try resultPath.combine(result, with: raw)
    }

    /// Returns what OutputPath selects of it.
    package func afterOutputPath(
        _ combined: JSONText,
        context: ContextObject,
        variables: Variables = [:]
    ) throws(DataFlowError) -> JSONText {
        try outputPath.select(from: combined, context: context, variables: variables)
    }
}
