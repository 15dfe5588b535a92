import JSON

/// Builds the syntax tree of a call.
///
/// `call := name "(" [argument ("," argument)*] ")"`, an argument being a string, a number, a constant, a path or a call.
struct IntrinsicParser {
    /// How many calls may stand within each other.
    ///
    /// Source: Step Functions Developer Guide, "Intrinsic functions".
    static let maximumDepth = 10

    private var lexer: IntrinsicLexer

    init(_ text: String) { lexer = IntrinsicLexer(text) }

    /// Reads the whole text as one call.
    mutating func call() throws(IntrinsicSyntaxError) -> (IntrinsicFunction, [IntrinsicArgument]) {
        guard case .name(let name) = try lexer.next() else {
            throw IntrinsicSyntaxError("a function's name is expected")
        }
        let call = try call(of: name, depth: 1)
        guard try lexer.next() == .end else { throw IntrinsicSyntaxError("nothing may follow the call") }
        return call
    }

    private mutating func call(
        of name: String,
        depth: Int
    ) throws(IntrinsicSyntaxError) -> (IntrinsicFunction, [IntrinsicArgument]) {
        guard depth <= Self.maximumDepth else {
            throw IntrinsicSyntaxError("at most \(Self.maximumDepth) calls may stand within each other")
        }
        guard let function = IntrinsicFunction(rawValue: name) else {
            throw IntrinsicSyntaxError("there is no function '\(name)'")
        }
        guard try lexer.next() == .openingParenthesis else {
            throw IntrinsicSyntaxError("'(' is expected behind '\(name)'")
        }
        var arguments: [IntrinsicArgument] = []
        var token = try lexer.next()
        if token == .closingParenthesis { return (function, arguments) }
        while true {
            arguments.append(try argument(token, depth: depth))
            switch try lexer.next() {
            case .closingParenthesis: return (function, arguments)
            case .comma: token = try lexer.next()
            default: throw IntrinsicSyntaxError("',' or ')' is expected behind an argument")
            }
        }
    }

    private mutating func argument(
        _ token: IntrinsicToken,
        depth: Int
    ) throws(IntrinsicSyntaxError) -> IntrinsicArgument {
        switch token {
        case .string(let string): return .string(string)
        case .literal(let value): return .literal(value)
        case .path(let text):
            do {
                return .path(try DataPath(parsing: text))
            } catch {
                throw IntrinsicSyntaxError("'\(text)' is not a path")
            }
        case .name(let name):
            let (function, arguments) = try call(of: name, depth: depth + 1)
            return .call(function, arguments)
        case .openingParenthesis, .closingParenthesis, .comma, .end:
            throw IntrinsicSyntaxError("an argument is expected")
        }
    }
}
