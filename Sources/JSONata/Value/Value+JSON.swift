import JSON

extension Value {
    /// The value as JSON; `nil` if it is undefined.
    ///
    /// As JavaScript's `JSON.stringify` does, members that are undefined are left out and such elements are `null`; a function
    /// is an empty string. JSON has no infinity: such a number is a string that names it, as in Step Functions.
    var json: JSONValue? {
        switch self {
        case .undefined: nil
        case .null: .null
        case .bool(let value): .bool(value)
        case .number(let value): value.isFinite ? .number(value.jsonNumber) : .string(value.javaScriptText)
        case .spelled(let value): .number(value)
        case .string(let value): .string(value)
        case .elements(let values): .array(values)
        case .members(let object): .object(object)
        case .array(let array): .array(array.items.map { $0.json ?? .null })
        case .sequence(let sequence): .array(sequence.items.map { $0.json ?? .null })
        case .tuples(let stream): .array(stream.tuples.map { $0.value.json ?? .null })
        case .object(let object): .object(object.json)
        case .function: .string("")
        }
    }

    /// The value as a message quotes it: JSON, cut where it is long.
    var quoted: String {
        switch self {
        case .function: return "undefined"
        case .number(let number) where !number.isFinite: return "null"
        default: break
        }
        guard let text = shortened(to: 40).json?.text else { return "undefined" }
        return text.utf8.count > Quotation.longest ? String(text.prefix(Quotation.longest)) + "…" : text
    }

    /// The first values of a long array, for messages: a large value must not be written whole to be cut.
    private func shortened(to count: Int) -> Value {
        switch self {
        case .elements(let values) where values.count > count: .elements(Array(values.prefix(count)))
        case .array(let array) where array.items.count > count: .array(ArrayValue(Array(array.items.prefix(count))))
        case .sequence(let sequence) where sequence.items.count > count:
            .array(ArrayValue(Array(sequence.items.prefix(count))))
        case .string(let text) where text.utf8.count > 4 * Quotation.longest:
            .string(String(text.prefix(Quotation.longest)))
        default: self
        }
    }
}

extension ObjectValue {
    var json: JSONObject {
        var members = JSONObject()
        for (key, value) in zip(keys, values) {
            if let value = value.json { members[key] = value }
        }
        return members
    }
}
