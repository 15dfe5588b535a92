/// A JSON value that keeps the order of members and the spelling of numbers.
package enum JSONValue: Sendable {
    case null
    case bool(Bool)
    case number(JSONNumber)
    case string(String)
    case array([JSONValue])
    case object(JSONObject)

    /// How deeply arrays and objects of a text from outside may be nested.
    package static var maximumDepth: Int { 512 }
}

/// What becomes of a member whose name stands twice in one object.
package enum DuplicateKeys: Sendable {
    /// The last value counts, at the first one's place: what AWS does with inputs.
    case lastWins
    /// It is an error that says where: what definitions want.
    case refused
}

// MARK: - Text

extension JSONValue {
    /// Parses a text that holds one value and nothing else but white space (RFC 8259).
    package init(parsing text: String, duplicateKeys: DuplicateKeys = .lastWins) throws(JSONError) {
        var parser = JSONParser(duplicateKeys: duplicateKeys)
        self = try parser.document(text.utf8.span)
    }

    /// Parses UTF-8 that holds one value and nothing else but white space; bytes that are not UTF-8 are an error.
    package init(parsing bytes: [UInt8], duplicateKeys: DuplicateKeys = .lastWins) throws(JSONError) {
        let span = bytes.span
        do {
            _ = try UTF8Span(validating: span)
        } catch {
            throw JSONError("invalid UTF-8", at: error.byteOffsets.lowerBound, in: span)
        }
        var parser = JSONParser(duplicateKeys: duplicateKeys)
        self = try parser.document(span)
    }

    /// Parses UTF-8 that holds one value and nothing else but white space; bytes that are not UTF-8 are an error.
    package init(
        parsing bytes: some Collection<UInt8>,
        duplicateKeys: DuplicateKeys = .lastWins
    ) throws(JSONError) {
        try self.init(parsing: Array(bytes), duplicateKeys: duplicateKeys)
    }

    /// The value as compact JSON, members in order and numbers as they were spelled.
    package var text: String { text(pretty: false) }

    /// Returns the value as JSON.
    ///
    /// - Parameter pretty: Whether each member stands on a line of its own, indented by two spaces.
    /// - Returns: The text, without a line break at its end.
    package func text(pretty: Bool) -> String {
        var writer = JSONWriter(pretty: pretty)
        writer.write(self)
        return writer.text
    }
}

// MARK: - Access

extension JSONValue {
    /// Whether this is `null`.
    package var isNull: Bool {
        if case .null = self { true } else { false }
    }

    /// The boolean, if this is one.
    package var bool: Bool? {
        if case .bool(let value) = self { value } else { nil }
    }

    /// The number, if this is one.
    package var number: JSONNumber? {
        if case .number(let value) = self { value } else { nil }
    }

    /// The number's exact value, if this is a number that is an integer of 64 bits.
    package var int: Int? { number?.int }

    /// The number's nearest binary64, if this is a number.
    package var double: Double? { number?.double }

    /// The string, if this is one.
    package var string: String? {
        if case .string(let value) = self { value } else { nil }
    }

    /// The elements, if this is an array.
    package var array: [JSONValue]? {
        if case .array(let value) = self { value } else { nil }
    }

    /// The members, if this is an object.
    package var object: JSONObject? {
        if case .object(let value) = self { value } else { nil }
    }

    /// The member of that name, if this is an object that has it.
    package subscript(key: String) -> JSONValue? { object?[key] }

    /// The element at that index, if this is an array that reaches so far; negative indexes find nothing.
    package subscript(index: Int) -> JSONValue? {
        guard case .array(let elements) = self, elements.indices.contains(index) else { return nil }
        return elements[index]
    }

    /// How deeply arrays and objects are nested: 0 for a scalar, 1 for `[]`.
    package var depth: Int {
        switch self {
        case .null, .bool, .number, .string: 0
        case .array(let elements): 1 + (elements.lazy.map(\.depth).max() ?? 0)
        case .object(let members): 1 + (members.lazy.map(\.value.depth).max() ?? 0)
        }
    }
}

// MARK: - Equality

extension JSONValue: Hashable {
    /// JSON's equality: numbers by value, objects regardless of order, strings by code points (never by canonical
    /// equivalence, as Swift's own strings are compared).
    package static func == (lhs: JSONValue, rhs: JSONValue) -> Bool {
        switch (lhs, rhs) {
        case (.null, .null): true
        case (.bool(let lhs), .bool(let rhs)): lhs == rhs
        case (.number(let lhs), .number(let rhs)): lhs == rhs
        case (.string(let lhs), .string(let rhs)): lhs.isSameText(as: rhs)
        case (.array(let lhs), .array(let rhs)): lhs == rhs
        case (.object(let lhs), .object(let rhs)): lhs == rhs
        default: false
        }
    }

    package func hash(into hasher: inout Hasher) {
        switch self {
        case .null: hasher.combine(0)
        case .bool(let value): hasher.combine(value)
        case .number(let value): hasher.combine(value)
        case .string(let value): hasher.combine(value)
        case .array(let value): hasher.combine(value)
        case .object(let value): hasher.combine(value)
        }
    }
}

extension String {
    /// Whether both are the same code points: JSON knows no canonical equivalence, so `é` has two spellings that differ.
    func isSameText(as other: String) -> Bool {
        let span = utf8.span
        let otherSpan = other.utf8.span
        guard span.count == otherSpan.count else { return false }
        for index in span.indices where span[index] != otherSpan[index] { return false }
        return true
    }
}
