/// A regular expression, compiled.
///
/// It searches by trying alternatives one after the other, as JavaScript does. What has failed at a place is remembered
/// once a search takes long, so that the time grows with the text and not with the ways to read it; patterns with back
/// references cannot do that, but every step is counted by the evaluation that pays for it.
struct Regex: Sendable {
    enum Instruction: Sendable {
        case unit(UInt16)
        case any
        case set(UnitSet)
        /// Tries the first place, then the second; the number tells splits apart.
        case split(Int, Int, number: Int)
        case jump(Int)
        case save(Int)
        case forget(Range<Int>)
        /// Remembers where a round of a loop begins.
        case beginRound(Int)
        /// Ends a round; one that has read nothing fails.
        case endRound(Int)
        case lineStart
        case lineEnd
        case wordBoundary(isNegated: Bool)
        case backReference(Int)
        /// What is looked for stands behind it, up to the place given.
        case look(isAhead: Bool, isNegated: Bool, end: Int)
        case match
    }

    let program: [Instruction]
    let groupCount: Int
    let loopCount: Int
    let splitCount: Int
    let ignoresCase: Bool
    let isMultiline: Bool
    let hasBackReferences: Bool

    init(parsing pattern: String, flags: String, at position: Int) throws(Fault) {
        var parser = RegexParser(pattern, at: position)
        let node = try parser.document()
        var compiler = RegexCompiler(position: position)
        try compiler.compile(node, isBackward: false)
        compiler.program.append(.match)
        program = compiler.program
        groupCount = parser.groupCount
        loopCount = compiler.loopCount
        splitCount = compiler.splitCount
        hasBackReferences = compiler.hasBackReferences
        ignoresCase = flags.contains("i")
        isMultiline = flags.contains("m")
    }
}

/// Makes instructions of a pattern's parts.
struct RegexCompiler {
    let position: Int
    var program: [Regex.Instruction] = []
    private(set) var loopCount = 0
    private(set) var splitCount = 0
    private(set) var hasBackReferences = false

    private static let longest = 20_000

    init(position: Int) { self.position = position }

    private mutating func add(_ instruction: Regex.Instruction) throws(Fault) {
        guard program.count < Self.longest else {
            throw Fault("S0303", at: position, .init(message: "too large"))
        }
        program.append(instruction)
    }

    private mutating func addSplit() throws(Fault) -> Int {
        try add(.split(0, 0, number: splitCount))
        splitCount += 1
        return program.count - 1
    }

    private mutating func setSplit(_ place: Int, _ first: Int, _ second: Int) {
        if case .split(_, _, let number) = program[place] { program[place] = .split(first, second, number: number) }
    }

    mutating func compile(_ node: RegexNode, isBackward: Bool) throws(Fault) {
        switch node {
        case .empty: break
        case .unit(let unit): try add(.unit(unit))
        case .any: try add(.any)
        case .set(let set): try add(.set(set))
        case .sequence(let nodes):
            for node in isBackward ? nodes.reversed() : nodes { try compile(node, isBackward: isBackward) }
        case .alternatives(let options): try compile(options, isBackward: isBackward)
        case .group(let body, let index):
            guard let index else {
                try compile(body, isBackward: isBackward)
                return
            }
            try add(.save(isBackward ? 2 * index + 1 : 2 * index))
            try compile(body, isBackward: isBackward)
            try add(.save(isBackward ? 2 * index : 2 * index + 1))
        case .repeated(let body, let least, let most, let isGreedy, let groups):
            try repeated(body, least, most, isGreedy, groups, isBackward)
        case .lineStart: try add(.lineStart)
        case .lineEnd: try add(.lineEnd)
        case .wordBoundary(let isNegated): try add(.wordBoundary(isNegated: isNegated))
        case .backReference(let index):
            hasBackReferences = true
            try add(.backReference(index))
        case .look(let body, let isAhead, let isNegated):
            let place = program.count
            try add(.look(isAhead: isAhead, isNegated: isNegated, end: 0))
            try compile(body, isBackward: !isAhead)
            try add(.match)
            program[place] = .look(isAhead: isAhead, isNegated: isNegated, end: program.count)
        }
    }

    private mutating func compile(_ options: [RegexNode], isBackward: Bool) throws(Fault) {
        var jumps: [Int] = []
        for (index, option) in options.enumerated() {
            guard index < options.count - 1 else {
                try compile(option, isBackward: isBackward)
                break
            }
            let split = try addSplit()
            try compile(option, isBackward: isBackward)
            jumps.append(program.count)
            try add(.jump(0))
            setSplit(split, split + 1, program.count)
        }
        for jump in jumps { program[jump] = .jump(program.count) }
    }

    private mutating func repeated(
        _ body: RegexNode,
        _ least: Int,
        _ most: Int?,
        _ isGreedy: Bool,
        _ groups: Range<Int>,
        _ isBackward: Bool
    ) throws(Fault) {
        let start = program.count
        for _ in 0..<least {
            if !groups.isEmpty { try add(.forget(groups)) }
            try compile(body, isBackward: isBackward)
            // Nothing to repeat: a million rounds of it are as good as one.
            if program.count == start { return }
        }
        func aim(_ split: Int, _ body: Int, _ exit: Int) {
            setSplit(split, isGreedy ? body : exit, isGreedy ? exit : body)
        }
        let loop = loopCount
        loopCount += 1
        guard let most else {
            let split = try addSplit()
            try add(.beginRound(loop))
            if !groups.isEmpty { try add(.forget(groups)) }
            try compile(body, isBackward: isBackward)
            try add(.endRound(loop))
            try add(.jump(split))
            aim(split, split + 1, program.count)
            return
        }
        var splits: [Int] = []
        for _ in 0..<max(most - least, 0) {
            splits.append(try addSplit())
            try add(.beginRound(loop))
            if !groups.isEmpty { try add(.forget(groups)) }
            try compile(body, isBackward: isBackward)
            try add(.endRound(loop))
        }
        for split in splits { aim(split, split + 1, program.count) }
    }
}
