/// The syntax tree of a pattern.
indirect enum PatternNode: Sendable {
    case take(PatternClass)
    case check(PatternAnchor)
    case sequence([PatternNode])
    case choice([PatternNode])
    /// So often at least, and at most if there is a most.
    case repeated(PatternNode, Int, Int?)
}

/// The characters that one place of a pattern takes.
indirect enum PatternClass: Sendable {
    case range(ClosedRange<UInt32>)
    case any([PatternClass])
    case not(PatternClass)
    /// Those whose other case is taken count as well.
    case ignoringCase(PatternClass, ofAll: Bool)

    func contains(_ scalar: Unicode.Scalar) -> Bool {
        switch self {
        case .range(let range): range.contains(scalar.value)
        case .any(let classes): classes.contains { $0.contains(scalar) }
        case .not(let inner): !inner.contains(scalar)
        case .ignoringCase(let inner, let all):
            inner.contains(scalar) || Self.otherCases(of: scalar, ofAll: all).contains(where: inner.contains)
        }
    }

    /// The other cases of a letter; without `all` only those of ASCII's.
    private static func otherCases(of scalar: Unicode.Scalar, ofAll all: Bool) -> [Unicode.Scalar] {
        guard all || scalar.isASCII else { return [] }
        let mappings = [scalar.properties.lowercaseMapping, scalar.properties.uppercaseMapping]
        return mappings.compactMap { $0.unicodeScalars.count == 1 ? $0.unicodeScalars.first : nil }
    }
}

extension PatternClass {
    static func one(_ scalar: Unicode.Scalar) -> PatternClass { .range(scalar.value...scalar.value) }

    static let digits = range(48...57)
    static let words = any([range(97...122), range(65...90), digits, range(95...95)])
    static let spaces = any([range(9...13), range(32...32)])
    /// What ends a line, as Java has it.
    static let lineEnds = any([range(10...10), range(13...13), range(0x85...0x85), range(0x2028...0x2029)])
    static let everything = range(0...0x10_FFFF)
}

/// A condition on a place between characters.
enum PatternAnchor: Sendable {
    case start(ofLine: Bool)
    case end(ofLine: Bool)
    case wordBoundary(Bool)

    func holds(at position: Int, in scalars: [Unicode.Scalar]) -> Bool {
        let before = position > 0 ? scalars[position - 1] : nil
        let behind = position < scalars.count ? scalars[position] : nil
        switch self {
        case .start(let ofLine): return before == nil || (ofLine && before == "\n" && behind != nil)
        case .end(let ofLine): return behind == nil || (behind == "\n" && (ofLine || position == scalars.count - 1))
        case .wordBoundary(let expected):
            let isBoundary = Self.isWord(before) != Self.isWord(behind)
            return isBoundary == expected
        }
    }

    private static func isWord(_ scalar: Unicode.Scalar?) -> Bool {
        scalar.map { PatternClass.words.contains($0) } ?? false
    }
}
