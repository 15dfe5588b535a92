/// A regular expression of a filter's `=~`, in the part of Java's grammar that can be matched in linear time.
///
/// Literals, `.`, classes, groups, alternatives, quantifiers, anchors and word boundaries; no back references and nothing
/// that looks around, because a definition from outside must not be able to write a pattern that runs without end.
struct Pattern: Sendable {
    /// What one place of the program does.
    enum Instruction: Sendable {
        case take(PatternClass)
        case check(PatternAnchor)
        /// Goes on at both places.
        case fork(Int, Int)
        case jump(Int)
        case accept
    }

    private let program: [Instruction]

    /// The most places that a program may have: counted repetitions are written out.
    private static let maximumSize = 2_000

    /// Compiles the text between the slashes; `flags` are the letters behind them.
    ///
    /// - Throws: What is wrong with it, as a clause.
    init(_ text: String, flags: String) throws(PatternError) {
        var parser = try PatternParser(text, flags: flags)
        let node = try parser.pattern()
        var program: [Instruction] = []
        try Self.compile(node, into: &program)
        program.append(.accept)
        self.program = program
    }

    private static func compile(_ node: PatternNode, into program: inout [Instruction]) throws(PatternError) {
        guard program.count < maximumSize else { throw PatternError("the pattern is too long") }
        switch node {
        case .take(let matched): program.append(.take(matched))
        case .check(let anchor): program.append(.check(anchor))
        case .sequence(let nodes): for node in nodes { try compile(node, into: &program) }
        case .choice(let nodes):
            var ends: [Int] = []
            for (number, node) in nodes.enumerated() {
                guard number < nodes.count - 1 else {
                    try compile(node, into: &program)
                    break
                }
                let fork = program.count
                program.append(.accept)
                try compile(node, into: &program)
                ends.append(program.count)
                program.append(.accept)
                program[fork] = .fork(fork + 1, program.count)
            }
            for end in ends { program[end] = .jump(program.count) }
        case .repeated(let node, let least, let most):
            for _ in 0..<least {
                let before = program.count
                try compile(node, into: &program)
                // What takes nothing once takes nothing a thousand times.
                if program.count == before { break }
            }
            guard let most else {
                let fork = program.count
                program.append(.accept)
                try compile(node, into: &program)
                program.append(.jump(fork))
                program[fork] = .fork(fork + 1, program.count)
                break
            }
            var forks: [Int] = []
            for _ in least..<max(least, most) {
                forks.append(program.count)
                program.append(.accept)
                try compile(node, into: &program)
            }
            for fork in forks { program[fork] = .fork(fork + 1, program.count) }
        }
    }

    // MARK: - Matching

    /// Whether the whole of a text matches; all ways are followed at once, so none is tried twice.
    ///
    /// - Parameters:
    ///   - text: The text.
    ///   - budget: How many steps it may take; below 0 afterwards, if they were not enough.
    /// - Returns: Whether it matches; `false` where the steps were not enough.
    func matches(_ text: String, budget: inout Int) -> Bool {
        let scalars = Array(text.unicodeScalars)
        var reached = Places(count: program.count)
        var next = Places(count: program.count)
        follow(0, at: 0, in: scalars, into: &reached)
        for (position, scalar) in scalars.enumerated() {
            budget -= reached.list.count + 1
            guard budget >= 0, !reached.list.isEmpty else { return false }
            next.clear()
            for place in reached.list {
                if case .take(let matched) = program[place], matched.contains(scalar) {
                    follow(place + 1, at: position + 1, in: scalars, into: &next)
                }
            }
            swap(&reached, &next)
        }
        return reached.contains(program.count - 1)
    }

    /// Adds a place, and all that it leads to without taking a character.
    private func follow(_ place: Int, at position: Int, in scalars: [Unicode.Scalar], into places: inout Places) {
        var open = [place]
        while let place = open.popLast() {
            guard places.insert(place) else { continue }
            switch program[place] {
            case .take, .accept: break
            case .jump(let target): open.append(target)
            case .fork(let first, let second): open += [second, first]
            case .check(let anchor): if anchor.holds(at: position, in: scalars) { open.append(place + 1) }
            }
        }
    }

    /// A set of places of a program, emptied without being made anew.
    private struct Places {
        private(set) var list: [Int] = []
        private var marks: [Int]
        private var generation = 1

        init(count: Int) { marks = Array(repeating: 0, count: count) }

        func contains(_ place: Int) -> Bool { marks[place] == generation }

        mutating func insert(_ place: Int) -> Bool {
            guard marks[place] != generation else { return false }
            marks[place] = generation
            list.append(place)
            return true
        }

        mutating func clear() {
            list.removeAll(keepingCapacity: true)
            generation += 1
        }
    }
}

/// Why a text is not a pattern that can be matched here: a clause.
struct PatternError: Error {
    let reason: String

    init(_ reason: String) { self.reason = reason }
}
