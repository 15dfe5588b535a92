/// Reads a regular expression in JavaScript's syntax.
struct RegexParser {
    private let units: [UInt16]
    private var index = 0
    private var depth = 0
    private(set) var groupCount = 0
    private(set) var names: [String: Int] = [:]
    private let position: Int
    private let totalGroups: Int

    private static let deepest = 100

    init(_ pattern: String, at position: Int) {
        units = Array(pattern.utf16)
        self.position = position
        totalGroups = Self.countGroups(units)
    }

    /// How many groups capture, which decides whether `\2` is a reference.
    private static func countGroups(_ units: [UInt16]) -> Int {
        var count = 0
        var inClass = false
        var index = 0
        while index < units.count {
            switch units[index] {
            case UInt16(ascii: "\\"): index += 1
            case UInt16(ascii: "["): inClass = true
            case UInt16(ascii: "]"): inClass = false
            case UInt16(ascii: "(") where !inClass:
                let next = index + 1 < units.count ? units[index + 1] : 0
                let third = index + 2 < units.count ? units[index + 2] : 0
                let fourth = index + 3 < units.count ? units[index + 3] : 0
                let isNamed =
                    next == UInt16(ascii: "?") && third == UInt16(ascii: "<") && fourth != UInt16(ascii: "=")
                    && fourth != UInt16(ascii: "!")
                if next != UInt16(ascii: "?") || isNamed { count += 1 }
            default: break
            }
            index += 1
        }
        return count
    }

    private func fault(_ message: String) -> Fault { Fault("S0303", at: position, .init(message: message)) }

    private var current: UInt16? { index < units.count ? units[index] : nil }

    private mutating func eat(_ scalar: Unicode.Scalar) -> Bool {
        guard current == UInt16(ascii: scalar) else { return false }
        index += 1
        return true
    }

    private mutating func eat(_ text: String) -> Bool {
        let wanted = Array(text.utf16)
        guard units[index...].starts(with: wanted) else { return false }
        index += wanted.count
        return true
    }

    mutating func document() throws(Fault) -> RegexNode {
        let node = try alternatives()
        guard index == units.count else { throw fault("Unmatched ')'") }
        return node
    }

    private mutating func alternatives() throws(Fault) -> RegexNode {
        depth += 1
        defer { depth -= 1 }
        guard depth <= Self.deepest else { throw fault("nested too deeply") }
        var options = [try sequence()]
        while eat("|") { options.append(try sequence()) }
        return options.count == 1 ? options[0] : .alternatives(options)
    }

    private mutating func sequence() throws(Fault) -> RegexNode {
        var nodes: [RegexNode] = []
        while let unit = current, unit != UInt16(ascii: "|"), unit != UInt16(ascii: ")") {
            let groups = groupCount
            let atom = try atom()
            nodes.append(try quantified(atom, groups: groups + 1..<groupCount + 1))
        }
        return nodes.count == 1 ? nodes[0] : .sequence(nodes)
    }

    private mutating func quantified(_ atom: RegexNode, groups: Range<Int>) throws(Fault) -> RegexNode {
        let bounds: (Int, Int?)
        if eat("*") {
            bounds = (0, nil)
        } else if eat("+") {
            bounds = (1, nil)
        } else if eat("?") {
            bounds = (0, 1)
        } else if let counted = counted() {
            bounds = counted
        } else {
            return atom
        }
        switch atom {
        case .lineStart, .lineEnd, .wordBoundary: throw fault("Nothing to repeat")
        default: break
        }
        if let most = bounds.1, most < bounds.0 { throw fault("numbers out of order in {} quantifier") }
        let isGreedy = !eat("?")
        return .repeated(atom, least: bounds.0, most: bounds.1, isGreedy: isGreedy, groups: groups)
    }

    /// `{n}`, `{n,}` or `{n,m}`; anything else is what it looks like.
    private mutating func counted() -> (Int, Int?)? {
        guard current == UInt16(ascii: "{") else { return nil }
        let start = index
        index += 1
        guard let least = integer() else {
            index = start
            return nil
        }
        var most: Int? = least
        if eat(",") { most = integer() }
        guard eat("}") else {
            index = start
            return nil
        }
        return (least, most)
    }

    private mutating func integer() -> Int? {
        var value: Int?
        while let unit = current, unit.isDigit {
            value = min((value ?? 0) * 10 + Int(unit - 0x30), 1_000_000)
            index += 1
        }
        return value
    }

    private mutating func atom() throws(Fault) -> RegexNode {
        guard let unit = current else { return .empty }
        index += 1
        switch unit {
        case UInt16(ascii: "^"): return .lineStart
        case UInt16(ascii: "$"): return .lineEnd
        case UInt16(ascii: "."): return .any
        case UInt16(ascii: "("): return try group()
        case UInt16(ascii: "["): return .set(try set())
        case UInt16(ascii: "\\"): return try escape()
        case UInt16(ascii: "*"), UInt16(ascii: "+"), UInt16(ascii: "?"): throw fault("Nothing to repeat")
        default: return .unit(unit)
        }
    }

    private mutating func group() throws(Fault) -> RegexNode {
        var index: Int?
        var look: (isAhead: Bool, isNegated: Bool)?
        if eat("?:") {
        } else if eat("?=") {
            look = (true, false)
        } else if eat("?!") {
            look = (true, true)
        } else if eat("?<=") {
            look = (false, false)
        } else if eat("?<!") {
            look = (false, true)
        } else if eat("?<") {
            groupCount += 1
            index = groupCount
            let name = try groupName()
            guard names[name] == nil else { throw fault("Duplicate capture group name") }
            names[name] = groupCount
        } else if current == UInt16(ascii: "?") {
            throw fault("Invalid group")
        } else {
            groupCount += 1
            index = groupCount
        }
        let body = try alternatives()
        guard eat(")") else { throw fault("Unterminated group") }
        if let look { return .look(body, isAhead: look.isAhead, isNegated: look.isNegated) }
        return .group(body, index: index)
    }

    private mutating func groupName() throws(Fault) -> String {
        guard let end = units[index...].firstIndex(of: UInt16(ascii: ">")), end > index else {
            throw fault("Invalid capture group name")
        }
        defer { index = end + 1 }
        return String(decoding: units[index..<end], as: UTF16.self)
    }

    // MARK: - Escapes and classes

    private mutating func escape() throws(Fault) -> RegexNode {
        guard let unit = current else { throw fault("\\ at end of pattern") }
        if unit == UInt16(ascii: "b") || unit == UInt16(ascii: "B") {
            index += 1
            return .wordBoundary(isNegated: unit == UInt16(ascii: "B"))
        }
        if unit >= UInt16(ascii: "1"), unit <= UInt16(ascii: "9") {
            let start = index
            if let number = integer(), number <= totalGroups { return .backReference(number) }
            index = start
        }
        if unit == UInt16(ascii: "k"), index + 1 < units.count, units[index + 1] == UInt16(ascii: "<") {
            index += 2
            let name = try groupName()
            guard let number = names[name] else { throw fault("Invalid named reference") }
            return .backReference(number)
        }
        if let set = classEscape() { return .set(set) }
        return .unit(try unitEscape())
    }

    /// `\d` and its like.
    private mutating func classEscape() -> UnitSet? {
        let set: UnitSet? =
            switch current {
            case UInt16(ascii: "d"): .digits
            case UInt16(ascii: "D"): UnitSet.digits.complement
            case UInt16(ascii: "w"): .word
            case UInt16(ascii: "W"): UnitSet.word.complement
            case UInt16(ascii: "s"): .space
            case UInt16(ascii: "S"): UnitSet.space.complement
            default: nil
            }
        if set != nil { index += 1 }
        return set
    }

    private mutating func unitEscape() throws(Fault) -> UInt16 {
        guard let unit = current else { throw fault("\\ at end of pattern") }
        index += 1
        switch unit {
        case UInt16(ascii: "n"): return 0x0A
        case UInt16(ascii: "r"): return 0x0D
        case UInt16(ascii: "t"): return 0x09
        case UInt16(ascii: "v"): return 0x0B
        case UInt16(ascii: "f"): return 0x0C
        case UInt16(ascii: "0") where current?.isDigit != true: return 0
        case UInt16(ascii: "c"):
            if let letter = current, (0x41...0x5A).contains(letter & ~0x20) {
                index += 1
                return letter & 0x1F
            }
            index -= 1
            return UInt16(ascii: "\\")
        case UInt16(ascii: "x"): return hexadecimal(2) ?? unit
        case UInt16(ascii: "u"): return hexadecimal(4) ?? unit
        default: return unit
        }
    }

    private mutating func hexadecimal(_ count: Int) -> UInt16? {
        let digits = units[index...].prefix(count)
        guard digits.count == count, digits.allSatisfy(\.isHexadecimalDigit) else { return nil }
        index += count
        return UInt16(String(decoding: digits, as: UTF16.self), radix: 16)
    }

    private mutating func set() throws(Fault) -> UnitSet {
        var set = UnitSet()
        set.isNegated = eat("^")
        while let unit = current, unit != UInt16(ascii: "]") {
            guard let first = try classAtom(&set) else { continue }
            if current == UInt16(ascii: "-"), index + 1 < units.count, units[index + 1] != UInt16(ascii: "]") {
                index += 1
                guard let last = try classAtom(&set) else {
                    // A class behind the dash: the dash is itself.
                    set.ranges += [first...first, UInt16(ascii: "-")...UInt16(ascii: "-")]
                    continue
                }
                guard first <= last else { throw fault("Range out of order in character class") }
                set.ranges.append(first...last)
            } else {
                set.ranges.append(first...first)
            }
        }
        guard eat("]") else { throw fault("Unterminated character class") }
        return set
    }

    /// One code unit of a class; adds a whole class and gives nothing where that stands there.
    private mutating func classAtom(_ set: inout UnitSet) throws(Fault) -> UInt16? {
        guard eat("\\") else {
            defer { index += 1 }
            return current
        }
        if let known = classEscape() {
            set.ranges += known.ranges
            return nil
        }
        if eat("b") { return 0x08 }
        if eat("-") { return UInt16(ascii: "-") }
        return try unitEscape()
    }
}
