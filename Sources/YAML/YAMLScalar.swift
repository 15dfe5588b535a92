import JSON

/// What a scalar means: YAML 1.2's core schema, with numbers as they are spelled.
enum YAMLScalar {
    /// Returns a scalar's value: by its tag, else by its text if it is plain, else it is a string.
    static func value(
        of text: String,
        isPlain: Bool,
        tag: String?,
        at place: YAMLPlace
    ) throws(YAMLError) -> JSONValue {
        guard let tag else { return isPlain ? plain(text) : .string(text) }
        guard tag.hasPrefix(YAMLTag.standard) else { return try YAMLTag.value(.string(text), tagged: tag, at: place) }
        let value = tag == YAMLTag.standard + "str" ? .string(text) : plain(text)
        switch (tag.dropFirst(YAMLTag.standard.count), value) {
        case ("str", _), ("null", .null), ("bool", .bool), ("int", .number), ("float", .number): return value
        default: throw YAMLError("a scalar that is not what its tag says", at: place)
        }
    }

    /// Returns what a scalar without quotes and tag means.
    ///
    /// A number with a leading zero is a string, though YAML 1.2 has it an integer: it is an account or a date, and
    /// would lose its zero. So are YAML 1.1's `yes`, `on` and dates, and infinities, which JSON has not.
    static func plain(_ text: String) -> JSONValue {
        switch text {
        case "", "~", "null", "Null", "NULL": .null
        case "true", "True", "TRUE": .bool(true)
        case "false", "False", "FALSE": .bool(false)
        default: number(text).map { .number($0) } ?? .string(text)
        }
    }

    private static func number(_ text: String) -> JSONNumber? {
        guard let first = text.utf8.first, "+-.0123456789".utf8.contains(first) else { return nil }
        if let number = JSONNumber(spelling: text) { return number }
        if text.hasPrefix("0x") { return integer(text.dropFirst(2), radix: 16) }
        if text.hasPrefix("0o") { return integer(text.dropFirst(2), radix: 8) }
        // The spellings that JSON lacks: a plus sign, no digit before the point or behind it.
        var spelling = Substring(text)
        var sign = ""
        if first == UInt8(ascii: "+") || first == UInt8(ascii: "-") {
            sign = first == UInt8(ascii: "-") ? "-" : ""
            spelling = spelling.dropFirst()
        }
        if spelling.hasPrefix(".") { spelling = "0" + spelling }
        let bytes = Array(spelling.utf8)
        if let point = bytes.firstIndex(of: UInt8(ascii: ".")),
            point + 1 == bytes.count || bytes[point + 1] | 0x20 == UInt8(ascii: "e")
        {
            let whole = String(decoding: bytes[..<point], as: UTF8.self)
            spelling = Substring(whole + ".0" + String(decoding: bytes[(point + 1)...], as: UTF8.self))
        }
        guard spelling.utf8.first != UInt8(ascii: "-"), text != ".", text != "+.", text != "-." else { return nil }
        return JSONNumber(spelling: sign + spelling)
    }

    private static func integer(_ digits: Substring, radix: Int) -> JSONNumber? {
        guard let first = digits.utf8.first, first != UInt8(ascii: "+"), first != UInt8(ascii: "-") else { return nil }
        return Int(digits, radix: radix).map { JSONNumber($0) }
    }
}
