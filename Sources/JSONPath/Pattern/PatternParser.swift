/// Reads a pattern: alternatives of sequences of quantified pieces.
struct PatternParser {
    private let scalars: [Unicode.Scalar]
    private var position = 0
    private var nesting = 0
    private var ignoresCase = false
    private var foldsAll = false
    private var dotTakesLineEnds = false
    private var anchorsAtLines = false

    private static let maximumNesting = 64
    /// The most that a counted repetition may count.
    private static let maximumCount = 1_000

    init(_ text: String, flags: String) throws(PatternError) {
        scalars = Array(text.unicodeScalars)
        for flag in flags.unicodeScalars {
            switch flag {
            case "i": ignoresCase = true
            case "u", "U": foldsAll = true
            case "s": dotTakesLineEnds = true
            case "m": anchorsAtLines = true
            default: throw PatternError("the flag '\(flag)' is not supported")
            }
        }
    }

    /// Reads the whole text.
    mutating func pattern() throws(PatternError) -> PatternNode {
        let node = try alternatives()
        guard peek == nil else { throw PatternError("a ')' closes nothing") }
        return node
    }

    private mutating func alternatives() throws(PatternError) -> PatternNode {
        nesting += 1
        guard nesting <= Self.maximumNesting else { throw PatternError("groups are nested too deeply") }
        defer { nesting -= 1 }
        var nodes = [try sequence()]
        while take("|") { nodes.append(try sequence()) }
        return nodes.count == 1 ? nodes[0] : .choice(nodes)
    }

    private mutating func sequence() throws(PatternError) -> PatternNode {
        var nodes: [PatternNode] = []
        while let scalar = peek, scalar != "|", scalar != ")" { nodes.append(try quantified()) }
        return .sequence(nodes)
    }

    private mutating func quantified() throws(PatternError) -> PatternNode {
        let node = try piece()
        let counts: (Int, Int?)
        switch peek {
        case "*": counts = (0, nil)
        case "+": counts = (1, nil)
        case "?": counts = (0, 1)
        case "{": counts = try count()
        default: return node
        }
        position += 1
        // Whether it takes as little as it can makes no difference to whether the whole matches.
        _ = take("?")
        if let next = peek, ["*", "+", "?", "{"].contains(next) {
            throw PatternError("'\(next)' is not supported behind a quantifier")
        }
        return .repeated(node, counts.0, counts.1)
    }

    /// Reads `{n`, `{n,` or `{n,m` up to the closing brace.
    private mutating func count() throws(PatternError) -> (Int, Int?) {
        position += 1
        let least = try number()
        var most: Int? = least
        if take(",") { most = peek == "}" ? nil : try number() }
        guard peek == "}", most.map({ $0 >= least }) ?? true else {
            throw PatternError("a '{' is not followed by a count")
        }
        return (least, most)
    }

    private mutating func number() throws(PatternError) -> Int {
        var number = 0
        let start = position
        while let scalar = peek, PatternClass.digits.contains(scalar), number <= Self.maximumCount {
            number = number * 10 + Int(scalar.value - 48)
            position += 1
        }
        guard position > start, number <= Self.maximumCount else {
            throw PatternError("a count must be from 0 to \(Self.maximumCount)")
        }
        return number
    }

    private mutating func piece() throws(PatternError) -> PatternNode {
        guard let scalar = peek else { throw PatternError("it ends unexpectedly") }
        position += 1
        switch scalar {
        case "(": return try group()
        case "[": return .take(folded(try characters()))
        case ".": return .take(dotTakesLineEnds ? .everything : .not(.lineEnds))
        case "^": return .check(.start(ofLine: anchorsAtLines))
        case "$": return .check(.end(ofLine: anchorsAtLines))
        case "*", "+", "?", "{": throw PatternError("'\(scalar)' follows nothing that can be repeated")
        case "\\":
            if take("b") { return .check(.wordBoundary(true)) }
            if take("B") { return .check(.wordBoundary(false)) }
            return .take(folded(try escape()))
        default: return .take(folded(.one(scalar)))
        }
    }

    private mutating func group() throws(PatternError) -> PatternNode {
        if take("?") {
            guard take(":") else { throw PatternError("of the groups that begin with '(?' only '(?:' is supported") }
        }
        let node = try alternatives()
        guard take(")") else { throw PatternError("a '(' is not closed") }
        return node
    }

    /// Reads the character, or the class, behind a backslash.
    private mutating func escape() throws(PatternError) -> PatternClass {
        guard let scalar = peek else { throw PatternError("nothing is escaped") }
        position += 1
        switch scalar {
        case "d": return .digits
        case "D": return .not(.digits)
        case "w": return .words
        case "W": return .not(.words)
        case "s": return .spaces
        case "S": return .not(.spaces)
        case "t": return .one("\t")
        case "n": return .one("\n")
        case "r": return .one("\r")
        case "f": return .one("\u{C}")
        case "u", "x": return try .one(code(digits: scalar == "u" ? 4 : 2))
        default:
            guard !(scalar.isASCII && (scalar.properties.isAlphabetic || PatternClass.digits.contains(scalar))) else {
                throw PatternError("the escape '\\\(scalar)' is not supported")
            }
            return .one(scalar)
        }
    }

    private mutating func code(digits: Int) throws(PatternError) -> Unicode.Scalar {
        var text = String.UnicodeScalarView()
        while text.count < digits, let scalar = peek, scalar.properties.isASCIIHexDigit {
            text.append(scalar)
            position += 1
        }
        guard text.count == digits, let value = UInt32(String(text), radix: 16), let scalar = Unicode.Scalar(value)
        else {
            throw PatternError("a character's code is expected")
        }
        return scalar
    }

    /// Reads what stands between brackets, and the closing one.
    private mutating func characters() throws(PatternError) -> PatternClass {
        let isNegated = take("^")
        var classes: [PatternClass] = []
        while let scalar = peek, scalar != "]" || classes.isEmpty {
            guard scalar != "[", !(scalar == "&" && peek(1) == "&") else {
                throw PatternError("classes within classes are not supported")
            }
            position += 1
            let first = scalar == "\\" ? try escape() : .one(scalar)
            guard case .range(let low) = first, low.count == 1, peek == "-", let last = peek(1), last != "]" else {
                classes.append(first)
                continue
            }
            position += 2
            let second = last == "\\" ? try escape() : .one(last)
            guard case .range(let high) = second, high.count == 1, low.lowerBound <= high.lowerBound else {
                throw PatternError("a range of characters runs backwards")
            }
            classes.append(.range(low.lowerBound...high.lowerBound))
        }
        guard take("]") else { throw PatternError("a '[' is not closed") }
        return isNegated ? .not(folded(.any(classes))) : .any(classes)
    }

    private func folded(_ characters: PatternClass) -> PatternClass {
        ignoresCase ? .ignoringCase(characters, ofAll: foldsAll) : characters
    }

    // MARK: - Characters

    private var peek: Unicode.Scalar? { peek(0) }

    private func peek(_ distance: Int) -> Unicode.Scalar? {
        position + distance < scalars.count ? scalars[position + distance] : nil
    }

    private mutating func take(_ scalar: Unicode.Scalar) -> Bool {
        guard peek == scalar else { return false }
        position += 1
        return true
    }
}
