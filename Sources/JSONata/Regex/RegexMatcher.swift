/// A text that is searched, as UTF-16.
final class RegexInput {
    let units: [UInt16]

    init(_ text: String) { units = Array(text.utf16) }

    func text(_ range: Range<Int>) -> String { String(decoding: units[range], as: UTF16.self) }
}

/// Searches one text for one pattern.
struct RegexMatcher {
    private let regex: Regex
    private let units: [UInt16]
    private let evaluator: Evaluator
    /// Where each group begins and ends; -1 where it does not.
    private(set) var saved: [Int]
    private var rounds: [Int]
    private var choices: [Choice] = []
    private var unpaid = 0
    /// The splits that have been tried at each place since ``base``, a bit each; empty while a search is short.
    private var tried: [UInt64] = []
    private var base = 0
    private var remembers = false

    /// A place to go back to.
    private enum Choice {
        case place(Int, at: Int)
        case saved(Int, Int)
        case round(Int, Int)
    }

    /// After so many steps a search begins to remember what has failed.
    private static let shortSearch = 1_024

    init(_ regex: Regex, _ input: RegexInput, _ evaluator: Evaluator) {
        self.regex = regex
        units = input.units
        self.evaluator = evaluator
        saved = Array(repeating: -1, count: 2 * (regex.groupCount + 1))
        rounds = Array(repeating: -1, count: regex.loopCount)
    }

    /// Finds the first match that begins at a place or behind it.
    mutating func search(from start: Int) throws(Fault) -> Range<Int>? {
        var begin = start
        base = start
        while begin <= units.count {
            for index in saved.indices { saved[index] = -1 }
            if let end = try run(0, at: begin, isInner: false) {
                try evaluator.spend(unpaid)
                unpaid = 0
                return begin..<end
            }
            begin += 1
        }
        try evaluator.spend(unpaid)
        unpaid = 0
        return nil
    }

    private mutating func pay() throws(Fault) {
        unpaid += 1
        if unpaid & 1023 == 0 {
            try evaluator.spend(1024)
            unpaid -= 1024
            if !regex.hasBackReferences { remembers = true }
        }
    }

    /// Whether a split has been tried at a place; from now on it has.
    private mutating func wasTried(_ split: Int, at place: Int) throws(Fault) -> Bool {
        let bit = (place - base) * regex.splitCount + split
        let word = bit >> 6
        if word >= tried.count {
            let more = max(word + 1 - tried.count, tried.count)
            try evaluator.allocate(more / 3 + 1)
            tried.append(contentsOf: repeatElement(0, count: more))
        }
        let mask: UInt64 = 1 << UInt64(bit & 63)
        if tried[word] & mask != 0 { return true }
        tried[word] |= mask
        return false
    }

    /// Runs from an instruction on; gives where the match ends.
    private mutating func run(_ start: Int, at begin: Int, isInner: Bool) throws(Fault) -> Int? {
        let bottom = choices.count
        var next = start
        var place = begin
        // Within a look-behind the text is read backwards.
        var isBackward = false
        if isInner, start > 0, case .look(let isAhead, _, _) = regex.program[start - 1] { isBackward = !isAhead }
        while true {
            try pay()
            var failed = false
            switch regex.program[next] {
            case .match:
                if isInner { choices.removeSubrange(min(bottom, choices.count)...) } else { choices.removeAll() }
                return place
            case .unit(let unit):
                failed = !step(&place, isBackward) { $0 == unit || isSame($0, unit) }
            case .any:
                failed = !step(&place, isBackward) { !Self.isLineEnd($0) }
            case .set(let set):
                failed = !step(&place, isBackward) { contains(set, $0) }
            case .split(let first, let second, let number):
                guard remembers, !isInner, place >= base, try wasTried(number, at: place) else {
                    try push(.place(second, at: place))
                    next = first
                    continue
                }
                failed = true
            case .jump(let target):
                next = target
                continue
            case .save(let slot):
                try push(.saved(slot, saved[slot]))
                saved[slot] = place
            case .forget(let groups):
                for group in groups {
                    for slot in [2 * group, 2 * group + 1] where saved[slot] >= 0 {
                        try push(.saved(slot, saved[slot]))
                        saved[slot] = -1
                    }
                }
            case .beginRound(let loop):
                try push(.round(loop, rounds[loop]))
                rounds[loop] = place
            case .endRound(let loop): failed = rounds[loop] == place
            case .lineStart:
                failed = !(place == 0 || (regex.isMultiline && Self.isLineEnd(units[place - 1])))
            case .lineEnd:
                failed = !(place == units.count || (regex.isMultiline && Self.isLineEnd(units[place])))
            case .wordBoundary(let isNegated):
                let before = place > 0 && UnitSet.word.contains(units[place - 1])
                let after = place < units.count && UnitSet.word.contains(units[place])
                failed = (before != after) == isNegated
            case .backReference(let group): failed = try !stepBack(group, &place, isBackward)
            case .look(_, let isNegated, let end):
                let known = saved
                let found = try run(next + 1, at: place, isInner: true) != nil
                if isNegated || !found { saved = known }
                failed = found == isNegated
                if !failed, !isNegated {
                    for slot in known.indices where known[slot] != saved[slot] { try push(.saved(slot, known[slot])) }
                }
                if !failed {
                    next = end
                    continue
                }
            }
            if !failed {
                next += 1
                continue
            }
            guard let (target, at) = backtrack(bottom) else { return nil }
            next = target
            place = at
        }
    }

    private mutating func push(_ choice: Choice) throws(Fault) {
        choices.append(choice)
        if choices.count & 4095 == 0 { try evaluator.allocate(4096) }
    }

    /// Undoes what was saved since the last choice, and takes its other way.
    private mutating func backtrack(_ bottom: Int) -> (Int, Int)? {
        while choices.count > bottom, let choice = choices.popLast() {
            switch choice {
            case .place(let target, let at): return (target, at)
            case .saved(let slot, let value): saved[slot] = value
            case .round(let loop, let value): rounds[loop] = value
            }
        }
        return nil
    }

    /// Goes over one code unit if it fits.
    @inline(__always)
    private func step(_ place: inout Int, _ isBackward: Bool, _ fits: (UInt16) -> Bool) -> Bool {
        if isBackward {
            guard place > 0, fits(units[place - 1]) else { return false }
            place -= 1
        } else {
            guard place < units.count, fits(units[place]) else { return false }
            place += 1
        }
        return true
    }

    private mutating func stepBack(_ group: Int, _ place: inout Int, _ isBackward: Bool) throws(Fault) -> Bool {
        let start = saved[2 * group]
        let end = saved[2 * group + 1]
        guard start >= 0, end >= start else { return true }
        let count = end - start
        try evaluator.spend(count)
        let from = isBackward ? place - count : place
        guard from >= 0, from + count <= units.count else { return false }
        for offset in 0..<count {
            let lhs = units[start + offset]
            let rhs = units[from + offset]
            guard lhs == rhs || isSame(lhs, rhs) else { return false }
        }
        place = isBackward ? from : from + count
        return true
    }

    // MARK: - Code units

    private static func isLineEnd(_ unit: UInt16) -> Bool {
        unit == 0x0A || unit == 0x0D || unit == 0x2028 || unit == 0x2029
    }

    private func isSame(_ lhs: UInt16, _ rhs: UInt16) -> Bool {
        regex.ignoresCase && lhs.upperCased == rhs.upperCased
    }

    private func contains(_ set: UnitSet, _ unit: UInt16) -> Bool {
        if set.contains(unit) != set.isNegated { return !set.isNegated }
        guard regex.ignoresCase else { return set.isNegated }
        var plain = set
        plain.isNegated = false
        let isIn = plain.contains(unit.upperCased) || plain.contains(unit.lowerCased)
        return isIn != set.isNegated
    }
}

extension UInt16 {
    /// The code unit in upper case, if that is one code unit, too.
    var upperCased: UInt16 {
        if self < 0x80 { return (0x61...0x7A).contains(self) ? self - 0x20 : self }
        guard let scalar = Unicode.Scalar(self) else { return self }
        let mapped = scalar.properties.uppercaseMapping.utf16
        guard mapped.count == 1, let unit = mapped.first, unit >= 0x80 else { return self }
        return unit
    }

    /// The code unit in lower case, if that is one code unit, too.
    var lowerCased: UInt16 {
        if self < 0x80 { return (0x41...0x5A).contains(self) ? self + 0x20 : self }
        guard let scalar = Unicode.Scalar(self) else { return self }
        let mapped = scalar.properties.lowercaseMapping.utf16
        guard mapped.count == 1, let unit = mapped.first else { return self }
        return unit
    }
}
