import JSON

/// A state that fails its execution, branch or iteration.
package struct FailState: Sendable {
    /// An error's name or cause.
    package enum Field: Sendable {
        case literal(String)
        /// A path, or a call of an intrinsic function, that must give a string.
        case dynamic(DynamicValue)
    }

    /// `nil` leaves the execution without an error's name.
    package let error: Field?
    package let cause: Field?

    package init(error: Field? = nil, cause: Field? = nil) {
        self.error = error
        self.cause = cause
    }
}

extension FailState {
    init(reading state: StateReader) {
        self.init(error: Field(reading: "Error", of: state.fields), cause: Field(reading: "Cause", of: state.fields))
    }
}

extension FailState.Field {
    /// Reads a field and its `Path` form, of which there is at most one.
    fileprivate init?(reading name: String, of fields: Fields) {
        fields.atMostOne(of: name, name + "Path")
        Warnings.check(literal: name, of: fields)
        if let path = fields.failPath(name + "Path") {
            self = path
        } else if let text = fields.string(name) {
            self = .literal(text)
        } else {
            return nil
        }
    }
}
