import JSON

/// A state that fails its execution, branch or iteration.
package struct FailState: Sendable {
    /// An error's name or cause.
    package enum Field: Sendable {
        case literal(String)
        /// A path, or a call of an intrinsic function, that must give a string.
        case dynamic(DynamicValue)
        /// An expression that must give a string.
        case expression(QueryExpression)
    }

    /// `nil` leaves the execution without an error's name.
    package let error: Field?
    package let cause: Field?
    package let language: QueryLanguage

    package init(error: Field? = nil, cause: Field? = nil, language: QueryLanguage = .jsonPath) {
        self.error = error
        self.cause = cause
        self.language = language
    }
}

extension FailState {
    init(reading state: StateReader) {
        self.init(
            error: Field(reading: "Error", of: state),
            cause: Field(reading: "Cause", of: state),
            language: state.fields.language
        )
    }
}

extension FailState.Field {
    /// Reads a field and its `Path` form, of which there is at most one.
    fileprivate init?(reading name: String, of state: StateReader) {
        let fields = state.fields
        fields.atMostOne(of: name, name + "Path")
        Warnings.check(literal: name, of: fields)
        if let expression = state.expression(name, of: fields) {
            self = .expression(expression)
        } else if let path = fields.failPath(name + "Path") {
            self = path
        } else if let text = fields.string(name) {
            self = .literal(text)
        } else {
            return nil
        }
    }
}
