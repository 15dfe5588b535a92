import Interpreter
import JSON

/// Reads the members of a request as the model types them.
///
/// A member of another type ends the request at once (`SerializationException`). Constraints that are not met are
/// gathered, in the order in which members are read, and reported together by ``check()``, as AWS does. JSON's `null`
/// is an absent member; members that the model does not know are passed over.
struct RequestMembers {
    private let object: JSONObject
    let path: String
    /// The longest input or output that is taken.
    var maxPayloadBytes = Limits().maxPayloadBytes
    /// What the request's header fields say that its spans belong to, as X-Ray writes it.
    var traceHeader: String?
    private(set) var violations: [String] = []
    /// The members that were asked for.
    private(set) var known: Set<String> = []

    init(_ object: JSONObject, path: String = "") {
        self.object = object
        self.path = path
    }

    /// The members that nobody asked for.
    var unknown: [String] { object.map(\.key).filter { !known.contains($0) } }

    /// Ends the request if constraints were not met.
    func check() throws(ServiceError) {
        guard !violations.isEmpty else { return }
        let plural = violations.count == 1 ? "error" : "errors"
        let list = violations.joined(separator: "; ")
        throw .validation("\(violations.count) validation \(plural) detected: \(list)")
    }

    // MARK: Reading

    /// Reads a string that must be there; the empty string stands for one that is not, until ``check()``.
    ///
    /// Its length is counted in UTF-16 units, as the service does; what is secret is left out of the message.
    mutating func string(
        _ name: String,
        length: ClosedRange<Int>,
        isSecret: Bool = false
    ) throws(ServiceError) -> String {
        if let text = try optionalString(name, length: length, isSecret: isSecret) { return text }
        violate(name, value: "null", "Member must not be null")
        return ""
    }

    mutating func optionalString(
        _ name: String,
        length: ClosedRange<Int>,
        isSecret: Bool = false
    ) throws(ServiceError) -> String? {
        guard let value = present(name) else { return nil }
        guard case .string(let text) = value else { throw Self.mistyped(value, "String") }
        let count = text.utf16.count
        if count < length.lowerBound {
            violate(name, text, isSecret, "Member must have length greater than or equal to \(length.lowerBound)")
        } else if count > length.upperBound {
            violate(name, text, isSecret, "Member must have length less than or equal to \(length.upperBound)")
        }
        return text
    }

    /// Reads a string that will be stored where U+0000 cannot be.
    mutating func optionalStoredString(
        _ name: String,
        length: ClosedRange<Int>,
        isSecret: Bool = false
    ) throws(ServiceError) -> String? {
        guard let text = try optionalString(name, length: length, isSecret: isSecret) else { return nil }
        if text.utf8.contains(0) { violate(name, "", true, "Member must not contain the character U+0000") }
        return text
    }

    /// Reads one of an enumeration's words, given in the order in which AWS's message lists them.
    mutating func word(_ name: String, of allowed: [String]) throws(ServiceError) -> String? {
        guard let value = present(name) else { return nil }
        guard case .string(let text) = value else { throw Self.mistyped(value, "String") }
        if !allowed.contains(text) {
            violate(name, text, false, "Member must satisfy enum value set: [\(allowed.joined(separator: ", "))]")
        }
        return text
    }

    mutating func integer(_ name: String, in range: ClosedRange<Int>) throws(ServiceError) -> Int? {
        guard let value = present(name) else { return nil }
        guard let number = value.int else { throw Self.mistyped(value, "Integer") }
        if number < range.lowerBound {
            violate(name, "\(number)", false, "Member must have value greater than or equal to \(range.lowerBound)")
        } else if number > range.upperBound {
            violate(name, "\(number)", false, "Member must have value less than or equal to \(range.upperBound)")
        }
        return number
    }

    mutating func number(_ name: String, in range: ClosedRange<Double>) throws(ServiceError) -> Double? {
        guard let value = present(name) else { return nil }
        guard case .number(let number) = value else { throw Self.mistyped(value, "Float") }
        if number.double < range.lowerBound {
            violate(name, "\(number)", false, "Member must have value greater than or equal to \(range.lowerBound)")
        } else if number.double > range.upperBound {
            violate(name, "\(number)", false, "Member must have value less than or equal to \(range.upperBound)")
        }
        return number.double
    }

    mutating func boolean(_ name: String) throws(ServiceError) -> Bool? {
        guard let value = present(name) else { return nil }
        guard case .bool(let flag) = value else { throw Self.mistyped(value, "Boolean") }
        return flag
    }

    /// Reads an object with a reader of its own, whose violations become this one's.
    mutating func structure<Value>(
        _ name: String,
        _ read: (inout RequestMembers) throws(ServiceError) -> Value
    ) throws(ServiceError) -> Value? {
        guard let value = present(name) else { return nil }
        return try nested(value, at: "\(path)\(name)", read)
    }

    /// Reads a list of objects.
    mutating func list<Value>(
        _ name: String,
        _ read: (inout RequestMembers) throws(ServiceError) -> Value
    ) throws(ServiceError) -> [Value]? {
        guard let value = present(name) else { return nil }
        guard case .array(let elements) = value else { throw Self.mistyped(value, "List") }
        var values: [Value] = []
        for (index, element) in elements.enumerated() {
            values.append(try nested(element, at: "\(path)\(name).\(index + 1).member", read))
        }
        return values
    }

    mutating func nested<Value>(
        _ value: JSONValue,
        at path: String,
        _ read: (inout RequestMembers) throws(ServiceError) -> Value
    ) throws(ServiceError) -> Value {
        guard case .object(let object) = value else { throw Self.mistyped(value, "Structure") }
        var members = RequestMembers(object, path: "\(path).")
        let result = try read(&members)
        take(members)
        return result
    }

    mutating func present(_ name: String) -> JSONValue? {
        known.insert(name)
        guard let value = object[name], !value.isNull else { return nil }
        return value
    }

    // MARK: Violations

    /// Takes over what another reader found.
    mutating func take(_ other: RequestMembers) { violations += other.violations }

    mutating func violate(_ name: String, _ value: String, _ isSecret: Bool, _ constraint: String) {
        violate(name, value: isSecret ? nil : "'\(value)'", constraint)
    }

    mutating func violate(_ name: String, value: String?, _ constraint: String) {
        let shown = value.map { " \($0)" } ?? ""
        violations.append("Value\(shown) at '\(path)\(name)' failed to satisfy constraint: \(constraint)")
    }

    static func mistyped(_ value: JSONValue, _ type: String) -> ServiceError {
        let found =
            switch value {
            case .null: "NULL_VALUE"
            case .bool(true): "TRUE_VALUE"
            case .bool(false): "FALSE_VALUE"
            case .number(let number): number.int == nil ? "DECIMAL_VALUE" : "NUMBER_VALUE"
            case .string: "STRING_VALUE"
            case .array: "Start of list"
            case .object: "Start of structure or map"
            }
        switch value {
        case .array, .object: return .serialization("\(found) found where not expected")
        default: return .serialization("\(found) can not be converted to \(type == "Integer" ? "an" : "a") \(type)")
        }
    }
}
