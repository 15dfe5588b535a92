package import JSON

/// What fields that hold an expression demand of its result.
extension QueryScope {
    /// Returns the seconds of a Wait, or of a Task's bounds: a whole number from `least` to 99,999,999.
    package mutating func seconds(
        _ expression: QueryExpression,
        least: Int,
        using generator: inout some RandomNumberGenerator
    ) throws(QueryFailure) -> Int {
        let value = try number(expression, using: &generator)
        let field = expression.location
        guard let seconds = value.int else {
            throw QueryFailure(
                cause: "The \(field) field cannot be parsed as a long value: \(value.text)",
                location: field
            )
        }
        guard seconds >= least else {
            let kind = least > 0 ? "a value that is not positive" : "a negative value"
            throw QueryFailure(cause: "The \(field) field references \(kind): \(value.text)", location: field)
        }
        guard seconds <= 99_999_999 else {
            throw QueryFailure(
                cause: "The \(field) field references a value above 99999999: \(value.text)",
                location: field
            )
        }
        return seconds
    }

    /// Returns the instant of a Wait.
    package mutating func timestamp(
        _ expression: QueryExpression,
        using generator: inout some RandomNumberGenerator
    ) throws(QueryFailure) -> Timestamp {
        let text = try string(expression, using: &generator)
        guard let timestamp = Timestamp(rfc3339: text) else {
            throw QueryFailure(
                cause:
                    "The \(expression.location) field cannot be parsed as an ISO-8601 extended offset date-time format "
                    + "string: \(text)",
                location: expression.location
            )
        }
        return timestamp
    }

    /// Returns a whole number, 0 or more.
    package mutating func count(
        _ expression: QueryExpression,
        using generator: inout some RandomNumberGenerator
    ) throws(QueryFailure) -> Int {
        let value = try number(expression, using: &generator)
        let field = expression.location
        guard let count = value.int else {
            throw QueryFailure(
                cause: "The \(field) field refers to value \"\(value.text)\" which is not a valid integer",
                location: field
            )
        }
        // AWS's words for the tolerated count. Source: reference §14.
        guard count >= 0 else { throw QueryFailure(cause: "\(field) cannot be negative.", location: field) }
        return count
    }

    /// Returns a number from 0 to 100.
    package mutating func percentage(
        _ expression: QueryExpression,
        using generator: inout some RandomNumberGenerator
    ) throws(QueryFailure) -> Double {
        let number = try number(expression, using: &generator).double ?? -1
        guard (0...100).contains(number) else {
            throw QueryFailure(
                cause: "\(expression.location) must be between 0 and 100.",
                location: expression.location
            )
        }
        return number
    }

    /// Returns whether a condition holds.
    package mutating func condition(
        _ expression: QueryExpression,
        using generator: inout some RandomNumberGenerator
    ) throws(QueryFailure) -> Bool {
        let value = try evaluate(expression, using: &generator)
        guard let holds = value.bool else { throw .unexpected(expression, value, expected: "boolean") }
        return holds
    }

    package mutating func string(
        _ expression: QueryExpression,
        using generator: inout some RandomNumberGenerator
    ) throws(QueryFailure) -> String {
        let value = try evaluate(expression, using: &generator)
        guard let string = value.string else { throw .unexpected(expression, value, expected: "string") }
        return string
    }

    /// Returns the items of a Map.
    package mutating func items(
        _ template: QueryTemplate,
        using generator: inout some RandomNumberGenerator
    ) throws(QueryFailure) -> [JSONValue] {
        let value = try evaluate(template, using: &generator)
        if let items = value.array { return items }
        throw noItems(value, of: template)
    }

    /// Returns the items of a Distributed Map: an array, or an object whose members they are.
    package mutating func itemsOrMembers(
        _ template: QueryTemplate,
        using generator: inout some RandomNumberGenerator
    ) throws(QueryFailure) -> JSONValue {
        let value = try evaluate(template, using: &generator)
        guard value.array != nil || value.object != nil else { throw noItems(value, of: template) }
        return value
    }

    private func noItems(_ value: JSONValue, of template: QueryTemplate) -> QueryFailure {
        guard let expression = template.expression else {
            return QueryFailure(cause: "Map state input must be an array but was: \(value.text)", location: "Items")
        }
        return .unexpected(expression, value, expected: "array")
    }

    private mutating func number(
        _ expression: QueryExpression,
        using generator: inout some RandomNumberGenerator
    ) throws(QueryFailure) -> JSONValue {
        let value = try evaluate(expression, using: &generator)
        guard value.number != nil else { throw .unexpected(expression, value, expected: "number") }
        return value
    }
}
