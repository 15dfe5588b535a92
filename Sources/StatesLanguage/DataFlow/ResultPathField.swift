package import JSON
package import JSONPath

/// The value of ResultPath, of a state or a catcher.
package enum ResultPathField: Sendable, Hashable {
    /// `$`, or no such field: the result replaces the input.
    case whole
    /// `null`: the result is dropped, the input goes on.
    case discard
    /// The result is put into the input.
    case path(ReferencePath)

    /// Reads the field; `nil` is a state that does not have it.
    ///
    /// The context object and variables cannot be written to, so paths into them are refused.
    package init(parsing field: JSONValue?) throws(DataFlowError) {
        switch field {
        case nil: self = .whole
        case .null: self = .discard
        case .string("$"): self = .whole
        case .some(let value):
            guard let text = value.string else { throw .malformedPath(value.text, nil) }
            do {
                self = .path(try ReferencePath(parsing: text))
            } catch {
                throw .malformedPath(text, error)
            }
        }
    }

    /// Returns the raw input with the result in it.
    package func combine(_ result: JSONText, with raw: JSONText) throws(DataFlowError) -> JSONText {
        switch self {
        case .whole: return result
        case .discard: return raw
        case .path(let path):
            let input = raw.value
            do {
                return JSONText(try path.setting(result.value, in: input))
            } catch {
                throw .resultPathMismatch(path: path.description, input: input)
            }
        }
    }
}
