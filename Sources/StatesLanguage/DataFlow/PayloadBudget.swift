package import JSON

/// How much data one evaluation may read and make before it fails.
///
/// A definition of a megabyte can name a payload a hundred thousand times; without a bound what it makes of it would fill
/// the memory. The bound lies far above every limit of payloads, which the interpreter checks to the byte.
package struct PayloadBudget {
    /// Bytes of JSON, about.
    private(set) var remaining: Int

    package init(bytes: Int = 64 << 20) { remaining = bytes }

    /// Takes a value's size off; it looks at no more of the value than there is budget for.
    ///
    /// - Parameter value: What is read or made.
    /// - Returns: Whether the budget was enough.
    package mutating func spend(on value: JSONValue) -> Bool {
        switch value {
        case .null, .bool: remaining -= 5
        case .number(let number): remaining -= number.spelling.utf8.count + 1
        case .string(let string): remaining -= string.utf8.count + 3
        case .array(let elements):
            remaining -= 2
            for element in elements where !spend(on: element) { return false }
        case .object(let members):
            remaining -= 2
            for (key, member) in members {
                remaining -= key.utf8.count + 4
                guard spend(on: member) else { return false }
            }
        }
        return remaining >= 0
    }
}
