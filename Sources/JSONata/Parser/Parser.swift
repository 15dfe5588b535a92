/// Reads an expression by operator precedence (Pratt).
///
/// What it builds still has the shape of the text; ``PathResolver`` makes paths of it.
struct Parser {
    private var lexer: Lexer
    private(set) var token: Token
    private var depth = 0
    private let stack = StackBound()

    /// How high a tree may become: as deep goes whatever walks over it.
    static let maximumHeight = 1_000

    init(_ text: String) throws(Fault) {
        lexer = Lexer(text)
        token = try lexer.next(isInfix: false)
    }

    /// How strongly an operator binds what stands to its left.
    private static let bindingPowers: [String: Int] = [
        ".": 75, "[": 80, "{": 70, "(": 80, "@": 80, "#": 80, "?": 20, "+": 50, "-": 50, "*": 60, "/": 60, "%": 60,
        "=": 40, "<": 40, ">": 40, "^": 40, ":=": 10, "!=": 40, "<=": 40, ">=": 40, "~>": 40, "?:": 40, "??": 40,
        "and": 30, "or": 25, "in": 40, "&": 50,
    ]

    /// The operators that there are, also those that bind nothing.
    private static let known = Set(bindingPowers.keys).union([":", ";", ",", ")", "]", "}", "..", "**", "|"])

    /// Reads the whole text.
    mutating func document() throws(Fault) -> Draft {
        try check()
        let expression = try expression(0)
        guard token.kind == .end else { throw Fault("S0201", at: token.position, token: token.text, token.details) }
        return expression
    }

    private var power: Int { token.kind == .operator ? Self.bindingPowers[token.text] ?? 0 : 0 }

    private func check() throws(Fault) {
        if token.kind == .operator, !Self.known.contains(token.text) {
            throw Fault("S0204", at: token.position, token: token.text)
        }
    }

    /// Goes to the next token.
    mutating func advance(isInfix: Bool = false) throws(Fault) {
        token = try lexer.next(isInfix: isInfix)
        try check()
    }

    /// Goes over a token that must be there.
    mutating func skip(_ id: String, isInfix: Bool = false) throws(Fault) {
        guard token.id == id else {
            let code = token.kind == .end ? "S0203" : "S0202"
            var details = token.details
            details.value = Quotation.quoted(id)
            throw Fault(code, at: token.position, token: token.text, details)
        }
        try advance(isInfix: isInfix)
    }

    func isAt(_ sign: String) -> Bool { token.kind == .operator && token.text == sign }

    mutating func expression(_ minimum: Int) throws(Fault) -> Draft {
        depth += 1
        defer { depth -= 1 }
        guard depth < Self.maximumHeight, !stack.isUsedUp else { throw Fault("S0218", at: token.position) }
        var first = token
        try advance(isInfix: true)
        var left = try prefix(first)
        while minimum < power {
            first = token
            try advance()
            left = try infix(first, left)
            guard left.height < Self.maximumHeight else { throw Fault("S0218", at: first.position) }
        }
        return left
    }

    /// What a token means where an operand is expected.
    private mutating func prefix(_ first: Token) throws(Fault) -> Draft {
        let position = first.position
        switch first.kind {
        case .end: return Draft(.end, at: position)
        case .name: return Draft(.name(first.text), at: position)
        case .variable: return Draft(.variable(first.text), at: position)
        case .string: return Draft(.string(first.text), at: position)
        case .number(let value): return Draft(.number(value), at: position)
        case .null: return Draft(.null, at: position)
        case .bool(let value): return Draft(.bool(value), at: position)
        case .regex: return Draft(.regex(pattern: first.text, flags: first.flags), at: position)
        case .operator: break
        }
        switch first.text {
        case "and", "or", "in": return Draft(.operator(first.text), at: position)
        case "*": return Draft(.wildcard, at: position)
        case "**": return Draft(.descendant, at: position)
        case "%": return Draft(.parent(nil), at: position)
        case "-":
            let operand = try expression(70)
            return Draft(.negation(operand), at: position, height: operand.height + 1)
        case "(": return try block(at: position)
        case "[": return try array(at: position)
        case "{":
            let pairs = try pairs()
            return Draft(.object(pairs), at: position, height: pairs.height + 1)
        case "|": return try transform(at: position)
        default: throw Fault("S0211", at: position, token: first.text)
        }
    }

    /// What an operator means behind an operand.
    private mutating func infix(_ sign: Token, _ left: Draft) throws(Fault) -> Draft {
        let position = sign.position
        switch sign.text {
        case "(": return try call(left, at: position)
        case "[": return try filter(left, at: position)
        case "{":
            let pairs = try pairs()
            return Draft(.grouping(left, pairs), at: position, height: max(left.height, pairs.height) + 1)
        case "^": return try orderBy(left, at: position)
        case "?":
            let then = try expression(0)
            var otherwise: Draft?
            if isAt(":") {
                try advance()
                otherwise = try expression(0)
            }
            let height = max(left.height, then.height, otherwise?.height ?? 0) + 1
            return Draft(.condition(left, then, otherwise), at: position, height: height)
        case "?:", "??":
            let right = try expression(0)
            let height = max(left.height, right.height) + 1
            let kind: Draft.Kind = sign.text == "?:" ? .alternative(left, right) : .coalescing(left, right)
            return Draft(kind, at: position, height: height)
        case ":=":
            guard case .variable = left.kind else { throw Fault("S0212", at: left.position, token: left.token) }
            return binary(":=", left, try expression(9), at: position)
        case "@", "#":
            let right = try expression(80)
            guard case .variable = right.kind else { throw Fault("S0214", at: right.position, token: sign.text) }
            return binary(sign.text, left, right, at: position)
        default:
            return binary(sign.text, left, try expression(Self.bindingPowers[sign.text] ?? 0), at: position)
        }
    }

    func binary(_ sign: String, _ left: Draft, _ right: Draft, at position: Int) -> Draft {
        Draft(.binary(sign, left, right), at: position, height: max(left.height, right.height) + 1)
    }
}

extension [Draft.Pair] {
    var height: Int { map { Swift.max($0.key.height, $0.value.height) }.max() ?? 0 }
}

extension [Draft] {
    var height: Int { map(\.height).max() ?? 0 }
}
