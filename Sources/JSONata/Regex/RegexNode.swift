/// A part of a regular expression.
indirect enum RegexNode {
    case empty
    case unit(UInt16)
    /// `.`: anything but the end of a line.
    case any
    case set(UnitSet)
    case sequence([RegexNode])
    case alternatives([RegexNode])
    /// A group; `nil` unless it captures.
    case group(RegexNode, index: Int?)
    /// Repeated; `groups` are those within it, which each round forgets.
    case repeated(RegexNode, least: Int, most: Int?, isGreedy: Bool, groups: Range<Int>)
    case lineStart
    case lineEnd
    case wordBoundary(isNegated: Bool)
    case backReference(Int)
    case look(RegexNode, isAhead: Bool, isNegated: Bool)
}

/// A set of UTF-16 code units.
struct UnitSet: Sendable {
    var ranges: [ClosedRange<UInt16>] = []
    var isNegated = false

    static let digits = UnitSet(ranges: [0x30...0x39])
    static let word = UnitSet(ranges: [0x30...0x39, 0x41...0x5A, 0x5F...0x5F, 0x61...0x7A])
    static let space = UnitSet(ranges: [
        0x09...0x0D, 0x20...0x20, 0xA0...0xA0, 0x1680...0x1680, 0x2000...0x200A, 0x2028...0x2029, 0x202F...0x202F,
        0x205F...0x205F, 0x3000...0x3000, 0xFEFF...0xFEFF,
    ])

    func contains(_ unit: UInt16) -> Bool {
        for range in ranges where range.contains(unit) { return !isNegated }
        return isNegated
    }

    /// The code units that it does not hold.
    var complement: UnitSet {
        var result = UnitSet()
        var next: UInt32 = 0
        for range in ranges.sorted(by: { $0.lowerBound < $1.lowerBound }) {
            if UInt32(range.lowerBound) > next {
                result.ranges.append(UInt16(next)...(range.lowerBound - 1))
            }
            next = max(next, UInt32(range.upperBound) + 1)
        }
        if next <= 0xFFFF { result.ranges.append(UInt16(next)...0xFFFF) }
        return result
    }
}
