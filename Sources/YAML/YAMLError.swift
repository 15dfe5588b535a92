/// Why a text is not YAML that a definition can be written in, and where.
package struct YAMLError: Error, Hashable, CustomStringConvertible {
    /// The line, counted from 1.
    package let line: Int
    /// The character in that line, counted from 1.
    package let column: Int
    /// What was wrong, in a few words that never repeat the text.
    package let message: String

    package init(line: Int, column: Int, message: String) {
        self.line = line
        self.column = column
        self.message = message
    }

    init(_ message: String, at place: YAMLPlace) {
        self.init(line: place.line, column: place.column, message: message)
    }

    package var description: String { "\(message) (line \(line), column \(column))" }
}

/// A place in a text, line and column counted from 1.
struct YAMLPlace {
    var line = 1
    var column = 1
}
