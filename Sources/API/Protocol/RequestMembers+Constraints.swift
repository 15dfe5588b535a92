import JSON

/// Members that must be there, and constraints that few members have.
extension RequestMembers {
    /// Reads a list of objects that must be there; no elements stand for one that is not, until ``check()``.
    mutating func requiredList<Value>(
        _ name: String,
        count: ClosedRange<Int> = 0...Int.max,
        _ read: (inout RequestMembers) throws(ServiceError) -> Value
    ) throws(ServiceError) -> [Value] {
        guard let values = try list(name, count: count, read) else {
            violate(name, value: "null", "Member must not be null")
            return []
        }
        return values
    }

    /// Reads a list of objects that holds so many.
    mutating func list<Value>(
        _ name: String,
        count: ClosedRange<Int>,
        _ read: (inout RequestMembers) throws(ServiceError) -> Value
    ) throws(ServiceError) -> [Value]? {
        guard let values = try list(name, read) else { return nil }
        let text = present(name)?.text ?? "[]"
        if values.count < count.lowerBound {
            violate(name, text, false, "Member must have length greater than or equal to \(count.lowerBound)")
        } else if values.count > count.upperBound {
            violate(name, text, false, "Member must have length less than or equal to \(count.upperBound)")
        }
        return values
    }

    /// Reads a list of strings that must be there.
    mutating func requiredStrings(_ name: String, length: ClosedRange<Int>) throws(ServiceError) -> [String] {
        guard let value = present(name) else {
            violate(name, value: "null", "Member must not be null")
            return []
        }
        guard case .array(let elements) = value else { throw Self.mistyped(value, "List") }
        var strings: [String] = []
        for (index, element) in elements.enumerated() {
            // One element is read as a member of that name, so that it is bounded and named as any other.
            let member = "\(name).\(index + 1).member"
            var one = RequestMembers([member: element], path: path)
            strings.append(try one.string(member, length: length))
            take(one)
        }
        return strings
    }

    mutating func requiredInteger(_ name: String, in range: ClosedRange<Int>) throws(ServiceError) -> Int {
        if let number = try integer(name, in: range) { return number }
        violate(name, value: "null", "Member must not be null")
        return 0
    }

    /// Reads a string that must be there and follow a pattern, by which AWS's message names it.
    ///
    /// A string of the wrong length is told of that alone, as it was recorded.
    mutating func string(
        _ name: String,
        length: ClosedRange<Int>,
        pattern: String,
        matches: (String) -> Bool
    ) throws(ServiceError) -> String {
        let text = try string(name, length: length)
        if length.contains(text.utf16.count), !matches(text) {
            violate(name, text, false, "Member must satisfy regular expression pattern: \(pattern)")
        }
        return text
    }
}
