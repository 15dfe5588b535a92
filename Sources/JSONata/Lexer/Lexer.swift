/// Takes an expression apart into tokens.
///
/// It works on UTF-16, as positions are counted in it.
struct Lexer {
    let source: [UInt16]
    var position = 0

    init(_ text: String) { source = Array(text.utf16) }

    static let operators: Set<String> = [
        ".", "[", "]", "{", "}", "(", ")", ",", "@", "#", ";", ":", "?", "+", "-", "*", "/", "%", "|", "=", "<", ">",
        "^",
        "&", "!", "~",
    ]

    private static let operatorUnits = Set(operators.compactMap { $0.utf16.first })
    private static let pairs: Set<String> = ["..", ":=", "!=", ">=", "<=", "**", "~>", "?:", "??"]

    /// The next token; `/` divides where an operand has gone before (`isInfix`), and opens a pattern otherwise.
    mutating func next(isInfix: Bool) throws(Fault) -> Token {
        try skipBlanks()
        guard position < source.count else { return Token(kind: .end, text: "(end)", position: source.count) }
        let unit = source[position]
        if unit == UInt16(ascii: "/"), !isInfix {
            position += 1
            return try regex()
        }
        if position + 1 < source.count {
            let pair = text(position..<position + 2)
            if Self.pairs.contains(pair) {
                position += 2
                return token(.operator, pair)
            }
        }
        if Self.operatorUnits.contains(unit) {
            position += 1
            return token(.operator, text(position - 1..<position))
        }
        if unit == UInt16(ascii: "\"") || unit == UInt16(ascii: "'") { return try string(quote: unit) }
        if let number = try number() { return number }
        if unit == UInt16(ascii: "`") { return try quotedName() }
        return name()
    }

    func token(_ kind: Token.Kind, _ text: String) -> Token { Token(kind: kind, text: text, position: position) }

    func text(_ range: Range<Int>) -> String { String(decoding: source[range], as: UTF16.self) }

    func unit(at index: Int) -> UInt16? { source.indices.contains(index) ? source[index] : nil }

    private static func isBlank(_ unit: UInt16) -> Bool {
        unit == 0x20 || unit == 0x09 || unit == 0x0A || unit == 0x0D || unit == 0x0B
    }

    private mutating func skipBlanks() throws(Fault) {
        while true {
            while let unit = unit(at: position), Self.isBlank(unit) { position += 1 }
            guard unit(at: position) == UInt16(ascii: "/"), unit(at: position + 1) == UInt16(ascii: "*") else { return }
            let start = position
            position += 2
            while unit(at: position) != UInt16(ascii: "*") || unit(at: position + 1) != UInt16(ascii: "/") {
                position += 1
                if position >= source.count { throw Fault("S0106", at: start) }
            }
            position += 2
        }
    }

    private mutating func string(quote: UInt16) throws(Fault) -> Token {
        position += 1
        var units: [UInt16] = []
        while position < source.count {
            let unit = source[position]
            if unit == UInt16(ascii: "\\") {
                position += 1
                units.append(try escape())
            } else if unit == quote {
                position += 1
                return token(.string, String(decoding: units, as: UTF16.self))
            } else {
                units.append(unit)
            }
            position += 1
        }
        throw Fault("S0101", at: position)
    }

    /// What stands behind a backslash; leaves the position at its last code unit.
    private mutating func escape() throws(Fault) -> UInt16 {
        let unit = unit(at: position)
        switch unit {
        case UInt16(ascii: "\""), UInt16(ascii: "\\"), UInt16(ascii: "/"): return unit ?? 0
        case UInt16(ascii: "b"): return 0x08
        case UInt16(ascii: "f"): return 0x0C
        case UInt16(ascii: "n"): return 0x0A
        case UInt16(ascii: "r"): return 0x0D
        case UInt16(ascii: "t"): return 0x09
        case UInt16(ascii: "u"):
            let end = min(position + 5, source.count)
            let digits = source[min(position + 1, end)..<end]
            guard !digits.isEmpty, digits.allSatisfy(\.isHexadecimalDigit) else { throw Fault("S0104", at: position) }
            position += 4
            return UInt16(String(decoding: digits, as: UTF16.self), radix: 16) ?? 0xFFFD
        default:
            throw Fault("S0103", at: position, token: unit.map { String(decoding: [$0], as: UTF16.self) } ?? "")
        }
    }

    private mutating func number() throws(Fault) -> Token? {
        var end = position
        func isDigit(_ index: Int) -> Bool { unit(at: index)?.isDigit == true }
        guard isDigit(end) else { return nil }
        if source[end] == UInt16(ascii: "0") { end += 1 } else { while isDigit(end) { end += 1 } }
        if unit(at: end) == UInt16(ascii: "."), isDigit(end + 1) {
            end += 1
            while isDigit(end) { end += 1 }
        }
        if let mark = unit(at: end), mark == UInt16(ascii: "e") || mark == UInt16(ascii: "E") {
            var next = end + 1
            if let sign = unit(at: next), sign == UInt16(ascii: "-") || sign == UInt16(ascii: "+") { next += 1 }
            if isDigit(next) {
                while isDigit(next) { next += 1 }
                end = next
            }
        }
        let digits = text(position..<end)
        guard let value = Double(digits), value.isFinite else { throw Fault("S0102", at: position, token: digits) }
        position = end
        return token(.number(value), value.javaScriptText)
    }

    private mutating func quotedName() throws(Fault) -> Token {
        position += 1
        guard let end = source[position...].firstIndex(of: UInt16(ascii: "`")) else {
            throw Fault("S0105", at: source.count)
        }
        let name = text(position..<end)
        position = end + 1
        return token(.name, name)
    }

    private mutating func name() -> Token {
        let start = position
        while position < source.count, !Self.isBlank(source[position]), !Self.operatorUnits.contains(source[position]) {
            position += 1
        }
        if source[start] == UInt16(ascii: "$") { return token(.variable, text(start + 1..<position)) }
        let name = text(start..<position)
        switch name {
        case "or", "in", "and": return token(.operator, name)
        case "true": return token(.bool(true), name)
        case "false": return token(.bool(false), name)
        case "null": return token(.null, name)
        default: return token(.name, name)
        }
    }
}

extension UInt16 {
    init(ascii scalar: Unicode.Scalar) { self = UInt16(UInt8(ascii: scalar)) }

    var isDigit: Bool { self >= UInt16(ascii: "0") && self <= UInt16(ascii: "9") }

    var isHexadecimalDigit: Bool {
        isDigit || (self >= UInt16(ascii: "a") && self <= UInt16(ascii: "f"))
            || (self >= UInt16(ascii: "A") && self <= UInt16(ascii: "F"))
    }
}
