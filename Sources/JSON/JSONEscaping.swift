extension [UInt8] {
    /// Appends a text as a JSON string, with its quotes.
    ///
    /// Control characters are escaped, U+0000 among them, so that any text store can hold what is written; what is not
    /// ASCII stands as it is.
    package mutating func append(jsonString text: String) {
        append(UInt8(ascii: "\""))
        appendEscaped(text)
        append(UInt8(ascii: "\""))
    }

    /// Appends what stands between the quotes of a text's JSON string.
    package mutating func appendEscaped(_ text: String) {
        var text = text
        text.withUTF8 { unsafe appendEscaped($0) }
    }

    /// The same of a text's bytes.
    package mutating func appendEscaped(_ bytes: ArraySlice<UInt8>) {
        unsafe bytes.withUnsafeBufferPointer { unsafe appendEscaped($0) }
    }

    private mutating func appendEscaped(_ bytes: UnsafeBufferPointer<UInt8>) {
        var start = 0
        for index in 0..<bytes.count where unsafe bytes[index].mustBeEscaped {
            unsafe append(contentsOf: UnsafeBufferPointer(rebasing: bytes[start..<index]))
            start = index + 1
            unsafe appendEscape(of: bytes[index])
        }
        unsafe append(contentsOf: UnsafeBufferPointer(rebasing: bytes[start...]))
    }

    private mutating func appendEscape(of byte: UInt8) {
        append(UInt8(ascii: "\\"))
        switch byte {
        case 0x08: append(UInt8(ascii: "b"))
        case 0x09: append(UInt8(ascii: "t"))
        case 0x0A: append(UInt8(ascii: "n"))
        case 0x0C: append(UInt8(ascii: "f"))
        case 0x0D: append(UInt8(ascii: "r"))
        case 0..<0x20:
            // Upper-case digits, as Jackson writes them.
            append(contentsOf: (byte < 0x10 ? "u000" : "u00").utf8)
            append(contentsOf: String(byte, radix: 16, uppercase: true).utf8)
        default: append(byte)
        }
    }
}

extension UInt8 {
    /// Whether a byte cannot stand in a JSON string as it is.
    fileprivate var mustBeEscaped: Bool { self < 0x20 || self == UInt8(ascii: "\"") || self == UInt8(ascii: "\\") }
}
