package import JSON

/// What fields that hold a path demand of the value it finds.
extension DataPath {
    /// Returns the array that ItemsPath finds.
    package func items(in scope: Scope) throws(DataFlowError) -> [JSONValue] {
        guard let items = try evaluate(in: scope).array else { throw .notAnArray(path: self) }
        return items
    }

    /// Returns the seconds that SecondsPath of a Wait state finds: a whole number, 0 or more.
    package func waitSeconds(in scope: Scope) throws(DataFlowError) -> Int {
        guard let value = try found(in: scope), !value.isNull else {
            throw .secondsMissing(field: "SecondsPath", path: self)
        }
        return try seconds(value, field: "SecondsPath", least: 0)
    }

    /// Returns the seconds that TimeoutSecondsPath or HeartbeatSecondsPath of a Task finds: a whole number, 1 or more.
    package func taskSeconds(field: String, in scope: Scope) throws(DataFlowError) -> Int {
        try seconds(evaluate(in: scope), field: field, least: 1)
    }

    /// Returns the instant that TimestampPath of a Wait state finds.
    package func waitTimestamp(in scope: Scope) throws(DataFlowError) -> Timestamp {
        guard let value = try found(in: scope), !value.isNull else { throw .timestampMissing(path: self) }
        guard let text = value.string, let timestamp = Timestamp(rfc3339: text) else {
            throw .timestampMalformed(path: self, value: value)
        }
        return timestamp
    }

    /// Returns the whole number, 0 or more, that a field such as MaxConcurrencyPath finds.
    package func integer(field: String, in scope: Scope) throws(DataFlowError) -> Int {
        let value = try evaluate(in: scope)
        guard let integer = value.int else {
            throw .notANumber(field: field, kind: "integer", path: self, value: value)
        }
        guard integer >= 0 else { throw .negative(field: field, path: self) }
        return integer
    }

    /// Returns the number from 0 to 100 that a field such as ToleratedFailurePercentagePath finds.
    package func percentage(field: String, in scope: Scope) throws(DataFlowError) -> Double {
        let value = try evaluate(in: scope)
        guard let number = value.double else {
            throw .notANumber(field: field, kind: "float", path: self, value: value)
        }
        guard (0...100).contains(number) else { throw .notAPercentage(field: field, path: self) }
        return number
    }

    private func seconds(_ value: JSONValue, field: String, least: Int) throws(DataFlowError) -> Int {
        guard let seconds = value.int else { throw .secondsNotInteger(field: field, path: self, value: value) }
        guard seconds >= least else { throw .secondsNegative(field: field, path: self, value: value) }
        return seconds
    }

    /// Returns what the path finds, or `nil` if it finds nothing.
    private func found(in scope: Scope) throws(DataFlowError) -> JSONValue? {
        do {
            return try evaluate(in: scope)
        } catch .invalidPath {
            return nil
        } catch {
            throw error
        }
    }
}

extension DynamicValue {
    /// Returns the string that ErrorPath or CausePath yields.
    package func string(
        in scope: Scope,
        using generator: inout some RandomNumberGenerator
    ) throws(DataFlowError) -> String {
        let value = try evaluate(in: scope, using: &generator)
        guard let string = value.string else { throw .notAString(field: field, path: text, value: value) }
        return string
    }
}
