/// An error on its way through the evaluator: one pointer, so that whatever may throw stays cheap.
///
/// Functions do not know where they were called; ``located(at:token:)`` adds it on the way out.
final class Fault: Error, Sendable {
    /// What fills the places of a message; each is JSON already.
    struct Details: Sendable {
        var value: String?
        var value2: String?
        var index: Int?
        var type: String?
        var exponent: String?
        var function: String?
        /// Whether the token is a number or a word like `true`, which messages do not put between quotes.
        var isLiteral = false
        /// What stands in the place of `{{{message}}}`.
        var message: String?
    }

    let code: String
    let position: Int?
    let token: String?
    let details: Details

    init(_ code: String, at position: Int? = nil, token: String? = nil, _ details: Details = Details()) {
        self.code = code
        self.position = position
        self.token = token
        self.details = details
    }

    /// A fault about one value.
    convenience init(_ code: String, at position: Int? = nil, token: String? = nil, value: Value) {
        self.init(code, at: position, token: token, Details(value: value.quoted))
    }

    /// The fault with a place, where it has none yet.
    func located(at position: Int, token: String?) -> Fault {
        if self.position != nil, self.token != nil || token == nil { return self }
        return Fault(code, at: self.position ?? position, token: self.token ?? token, details)
    }

    /// The fault at another place, whatever place it had.
    func relocated(at position: Int, token: String?) -> Fault {
        Fault(code, at: position, token: token ?? self.token, details)
    }

    /// The message, its places filled in.
    var text: String {
        var text = ErrorMessages.template(of: code)
        let places: [(String, String?)] = [
            ("{{{message}}}", details.message), ("{{{token}}}", token), ("{{{functionName}}}", details.function),
            ("{{token}}", details.isLiteral ? token : token.map { Quotation.quoted($0) }), ("{{value}}", details.value),
            ("{{value2}}", details.value2), ("{{index}}", details.index.map { String($0) }),
            ("{{type}}", details.type.map { Quotation.quoted($0) }), ("{{exp}}", details.exponent),
        ]
        for (place, filling) in places { text = text.replacing(place, with: filling ?? "undefined") }
        return text
    }
}

/// Texts within messages.
enum Quotation {
    /// How much of a value a message quotes.
    static let longest = 200

    static func quoted(_ text: String) -> String { Value.string(text).quoted }
}

extension String {
    /// The text with another in each place of one; without patterns.
    func replacing(_ place: String, with filling: String) -> String {
        guard var rest = range(of: place, from: startIndex) else { return self }
        var result = ""
        var start = startIndex
        while true {
            result += self[start..<rest.lowerBound]
            result += filling
            start = rest.upperBound
            guard let next = range(of: place, from: start) else { break }
            rest = next
        }
        return result + self[start...]
    }

    /// Where a text next stands from an index on, compared by code points.
    func range(of text: String, from start: Index) -> Range<Index>? {
        let haystack = utf8
        let needle = Array(text.utf8)
        guard let first = needle.first else { return start..<start }
        var place = start
        while let found = haystack[place...].firstIndex(of: first) {
            var end = found
            var matched = 0
            while matched < needle.count, end < haystack.endIndex, haystack[end] == needle[matched] {
                haystack.formIndex(after: &end)
                matched += 1
            }
            if matched == needle.count { return found..<end }
            place = haystack.index(after: found)
        }
        return nil
    }

    /// Whether both are the same code points: `é` has two spellings that differ.
    func isSameText(as other: String) -> Bool {
        let span = utf8.span
        let otherSpan = other.utf8.span
        guard span.count == otherSpan.count else { return false }
        for index in span.indices where span[index] != otherSpan[index] { return false }
        return true
    }
}
