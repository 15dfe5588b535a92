import JSON

/// A data test: what is asked of the value that Variable finds.
enum ChoiceTest: Sendable {
    /// What a value is compared with.
    enum Operand<Value: Sendable>: Sendable {
        case literal(Value)
        case path(DataPath)
    }

    /// Which type a value is asked to have.
    enum Kind: Sendable {
        case null, string, number, boolean, timestamp
    }

    case string(ChoiceComparison, Operand<String>)
    case number(ChoiceComparison, Operand<JSONNumber>)
    case timestamp(ChoiceComparison, Operand<Instant>)
    case boolean(Operand<Bool>)
    case matches(StringPattern)
    case type(Kind, Bool)
}

extension ChoiceTest {
    /// The path of an operator such as `StringEqualsPath`.
    var operandPath: DataPath? {
        switch self {
        case .string(_, .path(let path)), .number(_, .path(let path)), .timestamp(_, .path(let path)): path
        case .boolean(.path(let path)): path
        default: nil
        }
    }

    /// Whether the value that Variable finds passes; `operand` is what ``operandPath`` finds.
    ///
    /// It does not pass if it, or the operand, has another type than the operator is for.
    func holds(of value: JSONValue, operand: JSONValue?) throws(DataFlowError) -> Bool {
        switch self {
        case .string(let comparison, let literal):
            guard let left = value.string, let right = literal.value(or: operand?.string) else { return false }
            return comparison.holds(left.utf16Order(to: right))
        case .number(let comparison, let literal):
            guard let left = value.number, let right = literal.value(or: operand?.number) else { return false }
            return comparison.holds(left < right ? .less : left == right ? .same : .greater)
        case .timestamp(let comparison, let literal):
            guard let left = value.instant, let right = literal.value(or: operand?.instant) else { return false }
            return comparison.holds(left < right ? .less : left == right ? .same : .greater)
        case .boolean(let literal):
            guard let left = value.bool, let right = literal.value(or: operand?.bool) else { return false }
            return left == right
        case .matches(let pattern):
            guard let string = value.string else { return false }
            return try pattern.matches(string)
        case .type(let kind, let expected):
            return kind.includes(value) == expected
        }
    }
}

extension ChoiceTest.Operand {
    /// Returns the literal, or otherwise what the path has found, if that has the right type.
    fileprivate func value(or found: Value?) -> Value? {
        if case .literal(let value) = self { value } else { found }
    }
}

extension ChoiceTest.Kind {
    fileprivate func includes(_ value: JSONValue) -> Bool {
        switch self {
        case .null: value.isNull
        case .string: value.string != nil
        case .number: value.number != nil
        case .boolean: value.bool != nil
        case .timestamp: value.instant != nil
        }
    }
}

extension JSONValue {
    /// The instant, if this is a string that is a timestamp.
    var instant: Instant? { string.flatMap { Instant(rfc3339: $0) } }
}
