import JSON

/// The condition of a `[?(...)]` step.
indirect enum Filter: Sendable {
    case any([Filter])
    case all([Filter])
    case not(Filter)
    /// The path leads somewhere, be it to `null` or `false`.
    case exists(FilterOperand)
    case comparison(FilterOperand, FilterComparison, FilterOperand)
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

/// How a filter compares two values: Jayway's operators but for `=~`, whose patterns could run without end.
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
    case subset = "subsetof"
    case anyOf = "anyof"
    case noneOf = "noneof"
    case contains
    case size
    case empty

    /// Whether the comparison is true; a side that is `nil` is a path that leads nowhere.
    func holds(_ left: JSONValue?, _ right: JSONValue?) -> Bool {
        switch self {
        case .same, .equal: return left == right
        case .notSame, .notEqual: return left != right
        default: break
        }
        guard let left, let right else { return false }
        switch self {
        case .less: return Self.isLess(left, right)
        case .greater: return Self.isLess(right, left)
        case .lessOrEqual: return left == right || Self.isLess(left, right)
        case .greaterOrEqual: return left == right || Self.isLess(right, left)
        case .inside: return right.array?.contains(left) ?? false
        case .outside: return !(right.array?.contains(left) ?? false)
        case .contains: return Self.contains(left, right)
        case .size: return right.int == Self.size(of: left)
        case .empty: return right.bool == Self.size(of: left).map { $0 == 0 }
        case .subset, .anyOf, .noneOf: return holdsOfSets(left, right)
        case .same, .equal, .notSame, .notEqual: return false
        }
    }

    private func holdsOfSets(_ left: JSONValue, _ right: JSONValue) -> Bool {
        guard let left = left.array, let right = right.array.map(Set.init) else { return false }
        switch self {
        case .subset: return left.allSatisfy(right.contains)
        case .anyOf: return left.contains(where: right.contains)
        default: return !left.contains(where: right.contains)
        }
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
        case (.array(let elements), _): elements.contains(right)
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
