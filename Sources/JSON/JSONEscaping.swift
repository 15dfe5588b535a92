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
        var quotes = 0
        var controls = 0
        for index in 0..<bytes.count {
            let byte = unsafe bytes[index]
            quotes += byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") ? 1 : 0
            controls += byte < 0x20 ? 1 : 0
        }
        if controls == 0 { return unsafe appendEscaped(bytes, quotes: quotes) }
        var start = 0
        for index in 0..<bytes.count where unsafe bytes[index].mustBeEscaped {
            unsafe append(contentsOf: UnsafeBufferPointer(rebasing: bytes[start..<index]))
            start = index + 1
            unsafe appendEscape(of: bytes[index])
        }
        unsafe append(contentsOf: UnsafeBufferPointer(rebasing: bytes[start...]))
    }

    /// Appends bytes of which only so many need a backslash before them: JSON within JSON is full of those.
    ///
    /// What is escaped is moved to its place from behind: no piece between two of them is appended on its own.
    private mutating func appendEscaped(_ bytes: UnsafeBufferPointer<UInt8>, quotes: Int) {
        let start = count
        unsafe append(contentsOf: bytes)
        guard quotes > 0 else { return }
        // Room, whatever stands in it.
        unsafe append(contentsOf: UnsafeBufferPointer(rebasing: bytes[..<quotes]))
        unsafe withUnsafeMutableBufferPointer { all in
            var target = all.count
            var index = bytes.count
            while target > start + index {
                index -= 1
                target -= 1
                let byte = unsafe bytes[index]
                unsafe all[target] = byte
                if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") {
                    target -= 1
                    unsafe all[target] = UInt8(ascii: "\\")
                }
            }
        }
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
