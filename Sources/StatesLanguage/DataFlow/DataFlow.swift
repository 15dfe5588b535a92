import JSON

/// How a state's input and output are shaped, in its query language.
package enum DataFlow: Sendable {
    case jsonPath(JSONPathDataFlow)
    case jsonata(JSONataDataFlow)
}

/// The fields through which a JSONata state's data flows.
///
/// Arguments, of the state's input → work → Output, of input and result. None sees what another gives.
/// Source: Amazon States Language, "Using JSONata"; reference §3.
package struct JSONataDataFlow: Sendable {
    /// What the work is given; `nil` gives it the state's input.
    package var arguments: QueryTemplate?
    /// The state's output; `nil` is the result where there is one, else the input.
    package var output: QueryTemplate?
    package var assign: QueryTemplate?

    package init(arguments: QueryTemplate? = nil, output: QueryTemplate? = nil, assign: QueryTemplate? = nil) {
        self.arguments = arguments
        self.output = output
        self.assign = assign
    }
}

/// A field that holds JSON in which parts are computed.
package enum Template: Sendable {
    case payload(PayloadTemplate)
    case query(QueryTemplate)
}

extension DataFlow {
    /// What the state assigns.
    package var assign: Template? {
        switch self {
        case .jsonPath(let flow): flow.assign.map { .payload($0) }
        case .jsonata(let flow): flow.assign.map { .query($0) }
        }
    }

    /// The fields of a JSONPath state; `nil` of another.
    package var jsonPath: JSONPathDataFlow? {
        if case .jsonPath(let flow) = self { flow } else { nil }
    }

    package var language: QueryLanguage {
        switch self {
        case .jsonPath: .jsonPath
        case .jsonata: .jsonata
        }
    }

    /// Whether the same input always gives the same effective input.
    package var isInputDeterministic: Bool {
        switch self {
        case .jsonPath(let flow): flow.isInputDeterministic
        case .jsonata(let flow): flow.arguments?.isDeterministic ?? true
        }
    }

    /// Whether a field reads the context object.
    package var readsContext: Bool { reads.contains(where: \.readsContext) }

    /// What its fields read.
    var reads: [DataRead] {
        switch self {
        case .jsonPath(let flow): flow.paths.map { .path($0) }
        case .jsonata(let flow):
            [flow.arguments, flow.output, flow.assign].flatMap { $0?.expressions ?? [] }.map { .expression($0) }
        }
    }
}

extension Template {
    /// The names of its own members.
    var names: [String] {
        switch self {
        case .payload(let template): template.names
        case .query(let template): template.names
        }
    }

    /// What it reads.
    var reads: [DataRead] {
        switch self {
        case .payload(let template): template.paths.map { .path($0) }
        case .query(let template): template.expressions.map { .expression($0) }
        }
    }
}

/// Something that reads data: a path, or an expression.
enum DataRead: Sendable {
    case path(DataPath)
    case expression(QueryExpression)

    /// The variables that it reads.
    var variables: Set<String> {
        switch self {
        case .path(let path): path.variable.map { [$0] } ?? []
        case .expression(let expression): expression.variables
        }
    }

    /// Names that may be variables, where variables of those names are assigned: some are functions otherwise.
    var possibleVariables: Set<String> {
        switch self {
        case .path: variables
        case .expression(let expression): expression.names
        }
    }

    var readsContext: Bool {
        switch self {
        case .path(let path): path.readsContext
        case .expression(let expression): expression.readsContext
        }
    }

    var readsExecutionInput: Bool {
        switch self {
        case .path(let path): path.readsExecutionInput
        case .expression(let expression): expression.readsExecutionInput
        }
    }
}
