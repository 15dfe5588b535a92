import JSON

/// Why a text is not the call of an intrinsic function.
struct IntrinsicSyntaxError: Error {
    let message: String

    init(_ message: String) { self.message = message }
}

/// Cuts the text of a call into tokens.
struct IntrinsicLexer {
    private let scalars: [Unicode.Scalar]
    private var position = 0

    init(_ text: String) { scalars = Array(text.unicodeScalars) }

    mutating func next() throws(IntrinsicSyntaxError) -> IntrinsicToken {
        while position < scalars.count, scalars[position].properties.isWhitespace { position += 1 }
        guard position < scalars.count else { return .end }
        switch scalars[position] {
        case "(": return single(.openingParenthesis)
        case ")": return single(.closingParenthesis)
        case ",": return single(.comma)
        case "'": return .string(try string())
        case "$": return .path(path())
        default: return try word()
        }
    }

    private mutating func single(_ token: IntrinsicToken) -> IntrinsicToken {
        position += 1
        return token
    }

    /// A string in single quotes, in which a backslash may stand before `'`, `{`, `}` and `\`, and nothing else.
    private mutating func string() throws(IntrinsicSyntaxError) -> IntrinsicString {
        position += 1
        var string = IntrinsicString("")
        var count = 0
        while position < scalars.count {
            var scalar = scalars[position]
            position += 1
            if scalar == "'" { return string }
            if scalar == "\\" {
                guard position < scalars.count, ["'", "{", "}", "\\"].contains(scalars[position]) else {
                    throw IntrinsicSyntaxError("a string has an open escape")
                }
                scalar = scalars[position]
                position += 1
                string.escaped.insert(count)
            }
            string.text.unicodeScalars.append(scalar)
            count += 1
        }
        throw IntrinsicSyntaxError("a string does not end")
    }

    /// A path, up to the comma, parenthesis or space that does not belong to it.
    ///
    /// Between brackets and parentheses, and there between quotes, everything belongs to it.
    private mutating func path() -> String {
        var text = String.UnicodeScalarView()
        var brackets = 0
        var quote: Unicode.Scalar?
        while position < scalars.count {
            let scalar = scalars[position]
            if brackets == 0, scalar == "," || scalar == ")" || scalar.properties.isWhitespace { break }
            text.append(scalar)
            position += 1
            if scalar == "\\", position < scalars.count {
                text.append(scalars[position])
                position += 1
            } else if let open = quote {
                if scalar == open { quote = nil }
            } else if brackets > 0, scalar == "'" || scalar == "\"" {
                quote = scalar
            } else if scalar == "[" || scalar == "(" {
                brackets += 1
            } else if scalar == "]" || scalar == ")" {
                brackets = max(0, brackets - 1)
            }
        }
        return String(text)
    }

    /// A number, a constant or a function's name.
    private mutating func word() throws(IntrinsicSyntaxError) -> IntrinsicToken {
        var text = String.UnicodeScalarView()
        while position < scalars.count, Self.isWordScalar(scalars[position]) {
            text.append(scalars[position])
            position += 1
        }
        switch String(text) {
        case "": throw IntrinsicSyntaxError("'\(scalars[position])' is not expected")
        case "true": return .literal(.bool(true))
        case "false": return .literal(.bool(false))
        case "null": return .literal(.null)
        case let word:
            if let number = JSONNumber(spelling: word) { return .literal(.number(number)) }
            guard !word.unicodeScalars.contains(where: { $0 == "+" || $0 == "-" }) else {
                throw IntrinsicSyntaxError("'\(word)' is neither a number nor a name")
            }
            return .name(word)
        }
    }

    private static func isWordScalar(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "a"..."z", "A"..."Z", "0"..."9", ".", "_", "+", "-": true
        default: false
        }
    }
}
