/// A word of an expression.
struct Token {
    enum Kind: Equatable {
        case name
        case variable
        case `operator`
        case string
        case number(Double)
        case null
        case bool(Bool)
        case regex
        case end
    }

    var kind: Kind
    /// A name, an operator, a string's content, a number's digits or a pattern.
    var text: String
    /// The flags of a pattern.
    var flags = ""
    /// The UTF-16 code units before the token's end: what the reference implementation calls its position.
    var position: Int

    /// What messages tell of it beside its text.
    var details: Fault.Details {
        switch kind {
        case .number, .null, .bool: Fault.Details(isLiteral: true)
        default: Fault.Details()
        }
    }

    /// What the grammar calls it.
    var id: String {
        switch kind {
        case .operator: text
        case .end: "(end)"
        case .name, .variable: "(name)"
        case .regex: "(regex)"
        case .string, .number, .null, .bool: "(literal)"
        }
    }
}
