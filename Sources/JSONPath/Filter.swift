import JSON

/// The condition of a `[?(...)]` step.
indirect enum Filter: Sendable {
    case any([Filter])
    case all([Filter])
    case not(Filter)
    /// The path leads somewhere, be it to `null` or `false`.
    case exists(FilterOperand)
    case comparison(FilterOperand, FilterComparison, FilterOperand)
    /// The whole of a string, or of one of an array's, is as a pattern says.
    case match(FilterOperand, Pattern)
}

/// What a filter compares.
enum FilterOperand: Sendable {
    case literal(JSONValue)
    /// A path from the value that is tested, `@`.
    case current(PathSteps)
    /// A path from the whole value, `$`.
    case root(PathSteps)

    var isDefinite: Bool {
        switch self {
        case .literal: true
        case .current(let path), .root(let path): path.function != nil || path.areDefinite
        }
    }
}

/// How a filter compares two values: Jayway's operators.
///
/// A number and a string are equal if the string spells the number; `===` wants the same type too. What leads nowhere
/// equals nothing, not even another such path.
enum FilterComparison: String, Sendable, CaseIterable {
    // Longer spellings first: the parser takes the first that fits.
    case same = "==="
    case notSame = "!=="
    case equal = "=="
    case notEqual = "!="
    case lessOrEqual = "<="
    case greaterOrEqual = ">="
    case less = "<"
    case greater = ">"
    case inside = "in"
    case outside = "nin"
    case all
    case subset = "subsetof"
    case anyOf = "anyof"
    case noneOf = "noneof"
    case contains
    case size
    case empty

    /// Whether the comparison is true; a side that is `nil` is a path that leads nowhere.
    func holds(_ left: JSONValue?, _ right: JSONValue?) -> Bool {
        switch self {
        case .notEqual: return !FilterComparison.equal.holds(left, right)
        case .notSame: return !FilterComparison.same.holds(left, right)
        case .outside: return !FilterComparison.inside.holds(left, right)
        default: break
        }
        guard let left, let right else { return false }
        switch self {
        case .same: return left == right
        case .equal: return Self.areEqual(left, right)
        case .less: return Self.isLess(left, right)
        case .greater: return Self.isLess(right, left)
        case .lessOrEqual: return Self.areOrdered(left, right) && !Self.isLess(right, left)
        case .greaterOrEqual: return Self.areOrdered(left, right) && !Self.isLess(left, right)
        case .inside: return right.array.map { Self.has($0, left) } ?? false
        case .contains: return Self.contains(left, right)
        case .size: return right.int == Self.size(of: left)
        case .empty: return right.bool == Self.size(of: left).map { $0 == 0 }
        case .all, .subset, .anyOf, .noneOf: return holdsOfSets(left, right)
        case .notEqual, .notSame, .outside: return false
        }
    }

    private func holdsOfSets(_ left: JSONValue, _ right: JSONValue) -> Bool {
        guard let left = left.array, let right = right.array else { return false }
        switch self {
        case .all: return right.allSatisfy { Self.has(left, $0) }
        case .subset: return left.allSatisfy { Self.has(right, $0) }
        case .anyOf: return left.contains { Self.has(right, $0) }
        default: return !left.contains { Self.has(right, $0) }
        }
    }

    private static func areEqual(_ left: JSONValue, _ right: JSONValue) -> Bool {
        switch (left, right) {
        case (.number(let number), .string(let text)), (.string(let text), .number(let number)):
            JSONNumber(spelling: text) == number
        default: left == right
        }
    }

    private static func has(_ elements: [JSONValue], _ value: JSONValue) -> Bool {
        elements.contains { areEqual($0, value) }
    }

    private static func areOrdered(_ left: JSONValue, _ right: JSONValue) -> Bool {
        (left.number != nil && right.number != nil) || (left.string != nil && right.string != nil)
    }

    /// Only numbers, and only strings, have an order.
    private static func isLess(_ left: JSONValue, _ right: JSONValue) -> Bool {
        switch (left, right) {
        case (.number(let left), .number(let right)): left < right
        case (.string(let left), .string(let right)): left.utf16.lexicographicallyPrecedes(right.utf16)
        default: false
        }
    }

    private static func contains(_ left: JSONValue, _ right: JSONValue) -> Bool {
        switch (left, right) {
        case (.array(let elements), _): has(elements, right)
        case (.string(let text), .string(let part)): text.contains(part)
        default: false
        }
    }

    private static func size(of value: JSONValue) -> Int? {
        switch value {
        case .array(let elements): elements.count
        case .object(let members): members.count
        case .string(let text): text.utf16.count
        case .null, .bool, .number: nil
        }
    }
}
