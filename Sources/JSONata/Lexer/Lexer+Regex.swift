extension Lexer {
    /// Reads a pattern, whose opening slash has been read.
    ///
    /// A slash that is escaped or stands within brackets does not end it.
    mutating func regex() throws(Fault) -> Token {
        let start = position
        var depth = 0
        while position < source.count {
            let unit = source[position]
            if unit == UInt16(ascii: "/"), depth == 0, isClosing {
                let pattern = text(start..<position)
                guard !pattern.isEmpty else { throw Fault("S0301", at: position) }
                position += 1
                let flags = position
                while let flag = self.unit(at: position), flag == UInt16(ascii: "i") || flag == UInt16(ascii: "m") {
                    position += 1
                }
                var token = token(.regex, pattern)
                token.flags = text(flags..<position)
                return token
            }
            if position == start || source[position - 1] != UInt16(ascii: "\\") {
                switch unit {
                case UInt16(ascii: "("), UInt16(ascii: "["), UInt16(ascii: "{"): depth += 1
                case UInt16(ascii: ")"), UInt16(ascii: "]"), UInt16(ascii: "}"): depth -= 1
                default: break
                }
            }
            position += 1
        }
        throw Fault("S0302", at: position)
    }

    /// Whether an even number of backslashes goes before.
    private var isClosing: Bool {
        var backslashes = 0
        while unit(at: position - backslashes - 1) == UInt16(ascii: "\\") { backslashes += 1 }
        return backslashes.isMultiple(of: 2)
    }
}
