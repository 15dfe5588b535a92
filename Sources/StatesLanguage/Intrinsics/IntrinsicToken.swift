import JSON

/// A piece of the text of an intrinsic function's call.
enum IntrinsicToken: Equatable {
    /// The name of a function.
    case name(String)
    case openingParenthesis
    case closingParenthesis
    case comma
    case string(IntrinsicString)
    /// A number, `true`, `false` or `null`.
    case literal(JSONValue)
    /// A path, as written.
    case path(String)
    case end
}

/// A string between single quotes: what it says, and where it was escaped, which States.Format must know.
struct IntrinsicString: Sendable, Hashable {
    /// The string without its escapes.
    var text: String
    /// Which scalars of `text`, counted from 0, had a backslash before them.
    var escaped: Set<Int> = []

    /// A string that was not written in a call: it comes from data.
    init(_ text: String) { self.text = text }
}
