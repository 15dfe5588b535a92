import JSON

/// Reads a path off its UTF-8.
struct PathParser {
    private let text: String
    private let bytes: [UInt8]
    private var offset = 0
    /// How many filters, parentheses and literals are open around `offset`.
    private var nesting = 0

    private static let maximumNesting = 64

    init(_ text: String) {
        self.text = text
        bytes = Array(text.utf8)
    }

    /// Reads all of the text.
    mutating func path() throws(PathError) -> PathSteps {
        skipSpaces()
        guard take("$") else { throw fault("a path starts with '$'") }
        let steps = try steps(inFilter: false)
        skipSpaces()
        guard offset == bytes.count else { throw fault("expected '.' or '['") }
        return steps
    }

    private mutating func steps(inFilter: Bool) throws(PathError) -> PathSteps {
        var path = PathSteps()
        while path.function == nil {
            if take("..") {
                path.steps.append(.descent)
                if peek() == UInt8(ascii: "[") { continue }
            } else if take(".") {
                if peek() == UInt8(ascii: "[") { continue }
            } else if take("[") {
                path.steps.append(try bracket())
                continue
            } else {
                break
            }
            if take("*") {
                path.steps.append(.wildcard)
                continue
            }
            let name = try name(inFilter: inFilter)
            if take("(") {
                path.function = try function(name)
            } else {
                path.steps.append(.property(name))
            }
        }
        return path
    }

    /// Reads a name behind a point, with its escapes resolved.
    private mutating func name(inFilter: Bool) throws(PathError) -> String {
        var name: [UInt8] = []
        while offset < bytes.count {
            let byte = bytes[offset]
            if byte == UInt8(ascii: "\\") {
                offset += 1
                guard offset < bytes.count else { throw fault("nothing is escaped") }
                name.append(bytes[offset])
                offset += 1
                continue
            }
            if ".[]( ".utf8.contains(byte) || (inFilter && ")<>=!~&|,\t\n\r".utf8.contains(byte)) { break }
            name.append(byte)
            offset += 1
        }
        guard !name.isEmpty else { throw fault("expected a name") }
        return String(decoding: name, as: UTF8.self)
    }

    private mutating func function(_ name: String) throws(PathError) -> PathFunction {
        let start = offset
        skipSpaces()
        let argument = peek() == UInt8(ascii: ")") ? nil : try integer()
        skipSpaces()
        guard take(")"), let function = PathFunction(name: name, argument: argument) else {
            offset = start
            throw fault("no such function")
        }
        return function
    }

    /// Reads what stands in brackets, and the closing one.
    private mutating func bracket() throws(PathError) -> PathStep {
        skipSpaces()
        let step: PathStep
        switch peek() {
        case UInt8(ascii: "'"), UInt8(ascii: "\""):
            let names = try list { parser throws(PathError) in try parser.quoted(isName: true) }
            step = names.count == 1 ? .property(names[0]) : .properties(names)
        case UInt8(ascii: "*"):
            offset += 1
            step = .wildcard
        case UInt8(ascii: "?"):
            offset += 1
            skipSpaces()
            guard peek() == UInt8(ascii: "(") else { throw fault("expected '('") }
            step = .filter(try nested { parser throws(PathError) in try parser.disjunction() })
        default:
            step = try elements()
        }
        skipSpaces()
        guard take("]") else { throw fault("expected ']'") }
        return step
    }

    /// Reads an index, several of them, or a slice.
    private mutating func elements() throws(PathError) -> PathStep {
        if take(":") { return .slice(from: nil, to: try boundOfSlice()) }
        let indexes = try list { parser throws(PathError) in try parser.integer() }
        if indexes.count == 1, take(":") { return .slice(from: indexes[0], to: try boundOfSlice()) }
        return indexes.count == 1 ? .index(indexes[0]) : .indexes(indexes)
    }

    private mutating func boundOfSlice() throws(PathError) -> Int? {
        skipSpaces()
        return peek() == UInt8(ascii: "]") ? nil : try integer()
    }
}

// MARK: - Filters

extension PathParser {
    private mutating func disjunction() throws(PathError) -> Filter {
        var filters = [try conjunction()]
        while takeSpaced("||") { filters.append(try conjunction()) }
        return filters.count == 1 ? filters[0] : .any(filters)
    }

    private mutating func conjunction() throws(PathError) -> Filter {
        var filters = [try condition()]
        while takeSpaced("&&") { filters.append(try condition()) }
        return filters.count == 1 ? filters[0] : .all(filters)
    }

    private mutating func condition() throws(PathError) -> Filter {
        if takeSpaced("!") { return .not(try nested { parser throws(PathError) in try parser.condition() }) }
        if takeSpaced("(") {
            let filter = try nested { parser throws(PathError) in try parser.disjunction() }
            guard takeSpaced(")") else { throw fault("expected ')'") }
            return filter
        }
        skipSpaces()
        if peek() == UInt8(ascii: "/") {
            let pattern = try pattern()
            guard takeSpaced("=~") else { throw fault("expected '=~'") }
            return .match(try operand(), pattern)
        }
        let left = try operand()
        skipSpaces()
        if take("=~") {
            skipSpaces()
            return .match(left, try pattern())
        }
        if let comparison = FilterComparison.allCases.first(where: { take($0.rawValue) }) {
            return .comparison(left, comparison, try operand())
        }
        if case .literal = left { throw fault("expected a comparison") }
        return .exists(left)
    }

    private mutating func operand() throws(PathError) -> FilterOperand {
        skipSpaces()
        if take("@") { return .current(try steps(inFilter: true)) }
        if take("$") { return .root(try steps(inFilter: true)) }
        return .literal(try literal())
    }

    /// Reads a pattern between slashes, and the flags behind it.
    private mutating func pattern() throws(PathError) -> Pattern {
        guard take("/") else { throw fault("expected a pattern between slashes") }
        let start = offset
        while offset < bytes.count, peek() != UInt8(ascii: "/") { offset += peek() == UInt8(ascii: "\\") ? 2 : 1 }
        guard offset < bytes.count else {
            offset = bytes.count
            throw fault("a pattern is not closed")
        }
        let text = String(decoding: bytes[start..<offset], as: UTF8.self)
        offset += 1
        let flags = bytes[offset...].prefix { ($0 | 0x20) >= UInt8(ascii: "a") && ($0 | 0x20) <= UInt8(ascii: "z") }
        offset += flags.count
        do {
            return try Pattern(text, flags: String(decoding: flags, as: UTF8.self))
        } catch {
            throw .syntax(path: self.text, offset: start, reason: error.reason)
        }
    }

    private mutating func literal() throws(PathError) -> JSONValue {
        skipSpaces()
        switch peek() {
        case UInt8(ascii: "'"), UInt8(ascii: "\""):
            return .string(try quoted(isName: false))
        case UInt8(ascii: "["):
            offset += 1
            if takeSpaced("]") { return [] }
            let elements = try nested { parser throws(PathError) in
                try parser.list { parser throws(PathError) in try parser.literal() }
            }
            guard takeSpaced("]") else { throw fault("expected ']'") }
            return .array(elements)
        default:
            if take("true") { return true }
            if take("false") { return false }
            if take("null") { return nil }
            let start = offset
            while "+-.0123456789eE".utf8.contains(peek()) { offset += 1 }
            let spelling = String(decoding: bytes[start..<offset], as: UTF8.self)
            guard let number = JSONNumber(spelling: spelling) else {
                offset = start
                throw fault("expected a path or a literal")
            }
            return .number(number)
        }
    }
}

// MARK: - Tokens

extension PathParser {
    /// The byte at `offset`, 0 at the end.
    private func peek() -> UInt8 { offset < bytes.count ? bytes[offset] : 0 }

    private mutating func skipSpaces() {
        while " \t\n\r".utf8.contains(peek()) { offset += 1 }
    }

    private mutating func take(_ token: String) -> Bool {
        guard bytes[offset...].starts(with: token.utf8) else { return false }
        offset += token.utf8.count
        return true
    }

    private mutating func takeSpaced(_ token: String) -> Bool {
        skipSpaces()
        return take(token)
    }

    /// Reads one or more of the same kind, separated by commas.
    private mutating func list<Element>(
        _ element: (inout PathParser) throws(PathError) -> Element
    ) throws(PathError) -> [Element] {
        var elements: [Element] = []
        repeat {
            skipSpaces()
            elements.append(try element(&self))
            skipSpaces()
        } while take(",")
        return elements
    }

    /// Reads what may contain itself.
    private mutating func nested<Result>(
        _ read: (inout PathParser) throws(PathError) -> Result
    ) throws(PathError) -> Result {
        guard nesting < Self.maximumNesting else { throw fault("nested too deeply") }
        nesting += 1
        let result = try read(&self)
        nesting -= 1
        return result
    }

    private mutating func integer() throws(PathError) -> Int {
        skipSpaces()
        let start = offset
        _ = take("-")
        while "0123456789".utf8.contains(peek()) { offset += 1 }
        // Jayway's indexes have 32 bits; so no arithmetic on them overflows.
        guard let integer = Int32(String(decoding: bytes[start..<offset], as: UTF8.self)) else {
            offset = start
            throw fault("expected a name in quotes, an index, a slice, '*' or '?'")
        }
        return Int(integer)
    }

    /// Reads a string between single or double quotes.
    ///
    /// A literal's escapes are resolved. In a name a backslash stands for itself, unless what it escapes is the quote or
    /// another one. Source: recorded test_escape_sequence_parsing.
    private mutating func quoted(isName: Bool) throws(PathError) -> String {
        let quote = peek()
        guard quote == UInt8(ascii: "'") || quote == UInt8(ascii: "\"") else { throw fault("expected a quote") }
        offset += 1
        var units: [UInt8] = []
        while offset < bytes.count {
            let byte = bytes[offset]
            offset += 1
            if byte == quote { return String(decoding: units, as: UTF8.self) }
            let standsForItself = isName && peek() != quote && peek() != UInt8(ascii: "\\")
            guard byte == UInt8(ascii: "\\"), !standsForItself else {
                units.append(byte)
                continue
            }
            units += UTF8.encode(try escaped()) ?? UTF8.encodedReplacementCharacter
        }
        throw fault("a quote is not closed")
    }

    /// Reads the character behind a backslash.
    private mutating func escaped() throws(PathError) -> Unicode.Scalar {
        guard let scalar = String(decoding: bytes[offset...].prefix(4), as: UTF8.self).unicodeScalars.first else {
            throw fault("nothing is escaped")
        }
        offset += UTF8.width(scalar)
        switch scalar {
        case "b": return "\u{8}"
        case "f": return "\u{C}"
        case "n": return "\n"
        case "r": return "\r"
        case "t": return "\t"
        case "u":
            let digits = String(decoding: bytes[offset...].prefix(4), as: UTF8.self)
            guard digits.utf8.count == 4, let unit = UInt16(digits, radix: 16) else {
                throw fault("expected four hexadecimal digits")
            }
            offset += 4
            return Unicode.Scalar(unit) ?? "\u{FFFD}"
        default: return scalar
        }
    }

    private func fault(_ reason: String) -> PathError {
        .syntax(path: text, offset: offset, reason: offset < bytes.count ? reason : "unexpected end")
    }
}
