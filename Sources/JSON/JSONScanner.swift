/// Reads JSON's grammar off UTF-8 without building values.
///
/// Every function starts at `offset` and leaves it behind what it has read. The bytes are handed to each of them, since
/// a span cannot be stored. They are valid UTF-8; beyond their end they read as 0, which the grammar allows nowhere.
struct JSONScanner {
    /// The next byte to read.
    private(set) var offset = 0

    /// The byte at `offset`, 0 at the end.
    @inline(__always)
    func peek(_ bytes: Span<UInt8>) -> UInt8 { offset < bytes.count ? bytes[offset] : 0 }

    /// Steps over a byte that ``peek(_:)`` has shown.
    @inline(__always)
    mutating func advance() { offset += 1 }

    mutating func whitespace(in bytes: Span<UInt8>) {
        while true {
            switch peek(bytes) {
            case UInt8(ascii: " "), UInt8(ascii: "\n"), UInt8(ascii: "\r"), UInt8(ascii: "\t"): advance()
            default: return
            }
        }
    }

    /// Reads one value with everything in it; recursion ends at `depth` levels.
    mutating func value(in bytes: Span<UInt8>, depth: Int) throws(JSONError) {
        switch peek(bytes) {
        case UInt8(ascii: "\""): _ = try string(in: bytes)
        case UInt8(ascii: "{"): try object(in: bytes, depth: depth)
        case UInt8(ascii: "["): try array(in: bytes, depth: depth)
        case UInt8(ascii: "t"): try word("true", in: bytes)
        case UInt8(ascii: "f"): try word("false", in: bytes)
        case UInt8(ascii: "n"): try word("null", in: bytes)
        default: try number(in: bytes)
        }
    }

    private mutating func object(in bytes: Span<UInt8>, depth: Int) throws(JSONError) {
        guard depth > 0 else { throw fault("nested too deeply", in: bytes) }
        advance()
        whitespace(in: bytes)
        if peek(bytes) == UInt8(ascii: "}") { return advance() }
        repeat {
            _ = try name(in: bytes)
            try value(in: bytes, depth: depth - 1)
        } while try hasMore(in: bytes, closing: UInt8(ascii: "}"))
    }

    private mutating func array(in bytes: Span<UInt8>, depth: Int) throws(JSONError) {
        guard depth > 0 else { throw fault("nested too deeply", in: bytes) }
        advance()
        whitespace(in: bytes)
        if peek(bytes) == UInt8(ascii: "]") { return advance() }
        repeat {
            try value(in: bytes, depth: depth - 1)
        } while try hasMore(in: bytes, closing: UInt8(ascii: "]"))
    }

    /// Reads a member's name and the colon behind it, up to the value.
    ///
    /// - Returns: What ``string(in:)`` returns of the name.
    mutating func name(in bytes: Span<UInt8>) throws(JSONError) -> ScannedString {
        guard peek(bytes) == UInt8(ascii: "\"") else { throw fault("expected a member's name", in: bytes) }
        let name = try string(in: bytes)
        whitespace(in: bytes)
        guard peek(bytes) == UInt8(ascii: ":") else { throw fault("expected ':'", in: bytes) }
        advance()
        whitespace(in: bytes)
        return name
    }

    /// Reads what stands behind a member or an element: a comma, up to the next one, or the closing bracket.
    mutating func hasMore(in bytes: Span<UInt8>, closing: UInt8) throws(JSONError) -> Bool {
        whitespace(in: bytes)
        switch peek(bytes) {
        case UInt8(ascii: ","):
            advance()
            whitespace(in: bytes)
            return true
        case closing:
            advance()
            return false
        default:
            throw fault("expected ',' or '\(Character(Unicode.Scalar(closing)))'", in: bytes)
        }
    }

    mutating func word(_ word: StaticString, in bytes: Span<UInt8>) throws(JSONError) {
        let start = offset
        for byte in word.description.utf8 {
            guard peek(bytes) == byte else {
                throw JSONError("expected a value", at: start, in: bytes)
            }
            advance()
        }
    }

    mutating func number(in bytes: Span<UInt8>) throws(JSONError) {
        let start = offset
        if peek(bytes) == UInt8(ascii: "-") { advance() }
        if peek(bytes) == UInt8(ascii: "0") {
            advance()
            if isDigit(bytes) { throw fault("a number must not start with 0", in: bytes) }
        } else if isDigit(bytes) {
            digits(in: bytes)
        } else {
            let message = offset == start ? "expected a value" : "expected a digit"
            throw fault(offset >= bytes.count ? "unexpected end of the text" : message, in: bytes)
        }
        if peek(bytes) == UInt8(ascii: ".") {
            advance()
            guard isDigit(bytes) else { throw fault("expected a digit behind the point", in: bytes) }
            digits(in: bytes)
        }
        if peek(bytes) | 0x20 == UInt8(ascii: "e") {
            advance()
            if peek(bytes) == UInt8(ascii: "+") || peek(bytes) == UInt8(ascii: "-") { advance() }
            guard isDigit(bytes) else { throw fault("expected a digit of the exponent", in: bytes) }
            digits(in: bytes)
        }
    }

    private func isDigit(_ bytes: Span<UInt8>) -> Bool { peek(bytes) &- UInt8(ascii: "0") < 10 }

    private mutating func digits(in bytes: Span<UInt8>) {
        while isDigit(bytes) { advance() }
    }

    func fault(_ message: String, in bytes: Span<UInt8>) -> JSONError {
        JSONError(offset >= bytes.count ? "unexpected end of the text" : message, at: offset, in: bytes)
    }
}

/// Where a string's content stands between its quotes, and whether it has escapes to be resolved.
struct ScannedString {
    let content: Range<Int>
    let hasEscapes: Bool
}

extension JSONScanner {
    mutating func string(in bytes: Span<UInt8>) throws(JSONError) -> ScannedString {
        advance()
        let start = offset
        var hasEscapes = false
        while true {
            switch peek(bytes) {
            case UInt8(ascii: "\""):
                let content = start..<offset
                advance()
                return ScannedString(content: content, hasEscapes: hasEscapes)
            case UInt8(ascii: "\\"):
                hasEscapes = true
                try escape(in: bytes)
            case 0..<0x20:
                throw fault("a control character must be escaped", in: bytes)
            default:
                advance()
            }
        }
    }

    private mutating func escape(in bytes: Span<UInt8>) throws(JSONError) {
        advance()
        switch peek(bytes) {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"), UInt8(ascii: "f"),
            UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
            advance()
        case UInt8(ascii: "u"):
            advance()
            for _ in 0..<4 {
                guard peek(bytes).hexDigitValue != nil else {
                    throw fault("expected four hexadecimal digits", in: bytes)
                }
                advance()
            }
        default:
            throw fault("no such escape", in: bytes)
        }
    }
}

extension UInt8 {
    /// The value of an ASCII character that is a hexadecimal digit.
    var hexDigitValue: UInt16? {
        switch self {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt16(self - UInt8(ascii: "0"))
        case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt16(self - UInt8(ascii: "a") + 10)
        case UInt8(ascii: "A")...UInt8(ascii: "F"): UInt16(self - UInt8(ascii: "A") + 10)
        default: nil
        }
    }
}
