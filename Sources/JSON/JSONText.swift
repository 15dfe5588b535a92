/// A text that is known to be JSON, kept to the letter.
///
/// What no state touches is passed on as it came, spaces and all; and what was checked once is not parsed again unless
/// someone looks into it.
package struct JSONText: Sendable {
    /// The JSON, without white space around it.
    package let text: String
    private let remembered: JSONValue?

    /// How deeply a text that was written here may be nested: a machine can wrap its own output again and again, which
    /// the bound for texts from outside must not make unreadable.
    private static let maximumDepth = 4 * JSONValue.maximumDepth

    /// Checks a text without building its values.
    package init(validating text: String) throws(JSONError) {
        let bytes = text.utf8.span
        var scanner = JSONScanner()
        scanner.whitespace(in: bytes)
        let start = scanner.offset
        try scanner.value(in: bytes, depth: JSONValue.maximumDepth)
        let end = scanner.offset
        scanner.whitespace(in: bytes)
        guard scanner.offset == bytes.count else {
            throw scanner.fault("expected nothing behind the value", in: bytes)
        }
        let isWhole = start == 0 && end == bytes.count
        self.text = isWhole ? text : String(decoding: text.utf8.dropFirst(start).prefix(end - start), as: UTF8.self)
        remembered = nil
    }

    /// Writes a value compactly, and remembers it.
    package init(_ value: JSONValue) {
        text = value.text
        remembered = value
    }

    /// Takes a text back from where it was kept since it was validated or written.
    package init(trusted text: String) {
        self.text = text
        remembered = nil
    }

    /// The value: the remembered one, or the text's, parsed now and each time anew.
    ///
    /// `null` if a trusted text was not JSON after all.
    package var value: JSONValue {
        if let remembered { return remembered }
        var parser = JSONParser(duplicateKeys: .lastWins, maximumDepth: Self.maximumDepth)
        return (try? parser.document(text.utf8.span)) ?? .null
    }

    /// The bytes of UTF-8.
    package var byteCount: Int { text.utf8.count }

    /// Returns an array of texts, each as it is.
    package static func array(of elements: [JSONText]) -> JSONText {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(elements.reduce(2) { $0 + $1.byteCount + 1 })
        bytes.append(UInt8(ascii: "["))
        for (index, element) in elements.enumerated() {
            if index > 0 { bytes.append(UInt8(ascii: ",")) }
            bytes.append(contentsOf: element.text.utf8)
        }
        bytes.append(UInt8(ascii: "]"))
        return JSONText(trusted: String(decoding: bytes, as: UTF8.self))
    }
}

extension JSONText: Hashable {
    /// Whether both are the same to the letter.
    package static func == (lhs: JSONText, rhs: JSONText) -> Bool { lhs.text.isSameText(as: rhs.text) }
    package func hash(into hasher: inout Hasher) { hasher.combine(text) }
}
