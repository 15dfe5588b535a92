import JSON

/// What the paths of one evaluation are read from; each payload is parsed once at most, and only if a path asks for it.
struct PathSource {
    private enum Input {
        case text(JSONText)
        case value(JSONValue)
    }

    private var storedInput: Input
    private let contextObject: ContextObject
    private var storedContext: (part: ContextObject.Part, value: JSONValue)?
    let variables: Variables
    private var budget = PayloadBudget()

    init(_ scope: Scope) {
        storedInput = .value(scope.input)
        contextObject = scope.context
        variables = scope.variables
    }

    init(input: JSONText, context: ContextObject, variables: Variables) {
        storedInput = .text(input)
        contextObject = context
        self.variables = variables
    }

    /// What `$` is.
    var input: JSONValue {
        mutating get {
            switch storedInput {
            case .value(let value): return value
            case .text(let text):
                let value = text.value
                storedInput = .value(value)
                return value
            }
        }
    }

    /// Returns what `$$` is, in which payloads that are not asked for may be missing.
    mutating func context(_ part: ContextObject.Part) -> JSONValue {
        if let storedContext, storedContext.part.isSuperset(of: part) { return storedContext.value }
        let union = part.union(storedContext?.part ?? [])
        let value = contextObject.value(of: union)
        storedContext = (union, value)
        return value
    }

    /// Counts a value that is read or made; too many of them are an error.
    mutating func spend(on value: JSONValue) throws(DataFlowError) {
        guard budget.spend(on: value) else { throw .tooLarge(state: contextObject.stateName) }
    }
}
