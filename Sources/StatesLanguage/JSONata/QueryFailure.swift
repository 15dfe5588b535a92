import JSON

/// Why a field of a JSONata state could not be evaluated: `States.QueryEvaluationError`.
///
/// Causes are AWS's texts where they are recorded, and else made like them. Source: reference §6, §22.
package struct QueryFailure: Error, Sendable, Hashable {
    /// Without the sentence that names the state; it may hold parts of the payload.
    package let cause: String
    /// The field, where it is known.
    package let location: String?

    package init(cause: String, location: String?) {
        self.cause = cause
        self.location = location
    }

    /// The expression's result is undefined, which JSON cannot say.
    static func undefined(_ expression: QueryExpression) -> QueryFailure {
        of(expression, "returned nothing (undefined).")
    }

    /// The expression's result is a function.
    static func function(_ expression: QueryExpression) -> QueryFailure {
        of(expression, "returned an unsupported result type.")
    }

    /// The evaluation ended with one of JSONata's errors.
    static func threw(_ expression: QueryExpression, code: String, message: String) -> QueryFailure {
        of(expression, "threw an error during evaluation. \(code): \(message)")
    }

    /// The result is of another type than the field.
    static func unexpected(_ expression: QueryExpression, _ value: JSONValue, expected: String) -> QueryFailure {
        of(
            expression,
            "returned an unexpected result type. Expected '\(expected)', but was '\(value.typeName)' "
                + "for value: \(value.text)"
        )
    }

    private static func of(_ expression: QueryExpression, _ words: String) -> QueryFailure {
        QueryFailure(
            cause:
                "The JSONata expression '\(expression.text)' specified for the field '\(expression.location)' \(words)",
            location: expression.location
        )
    }
}

extension JSONValue {
    /// The name of its type, as AWS's texts have it.
    fileprivate var typeName: String {
        switch self {
        case .null: "null"
        case .bool: "boolean"
        case .number: "number"
        case .string: "string"
        case .array: "array"
        case .object: "object"
        }
    }
}
