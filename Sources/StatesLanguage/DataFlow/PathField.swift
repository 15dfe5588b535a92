package import JSON

/// The value of InputPath and OutputPath.
package enum PathField: Sendable, Hashable {
    /// `$`, or no such field: everything.
    case whole
    /// `null`: an empty object.
    case null
    /// What a path finds.
    case path(DataPath)

    /// Reads the field; `nil` is a state that does not have it.
    package init(parsing field: JSONValue?) throws(DataFlowError) {
        switch field {
        case nil: self = .whole
        case .null: self = .null
        case .string("$"): self = .whole
        case .some(let value):
            guard let text = value.string else { throw .malformedPath(value.text, nil) }
            self = .path(try DataPath(parsing: text))
        }
    }

    /// The path, if there is one to be read.
    package var path: DataPath? {
        if case .path(let path) = self { path } else { nil }
    }

    /// Returns what the field selects.
    func select(
        from input: JSONText,
        context: ContextObject,
        variables: Variables
    ) throws(DataFlowError) -> JSONText {
        switch self {
        case .whole: return input
        case .null: return JSONText(.object([:]))
        case .path(let path):
            guard !path.isWholeInput else { return input }
            var source = PathSource(input: input, context: context, variables: variables)
            return JSONText(try path.evaluate(in: &source))
        }
    }
}
