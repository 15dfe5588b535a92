/// Why a text is not JSON, and where.
///
/// The message never repeats the text: what comes from outside may be secret, and may be large.
package struct JSONError: Error, Hashable, CustomStringConvertible {
    /// The line of the fault, counted from 1.
    package let line: Int
    /// The character in that line, counted from 1 in Unicode scalars.
    package let column: Int
    /// The bytes of UTF-8 before the fault.
    package let offset: Int
    /// What was wrong, in a few words.
    package let message: String
    /// The member that stands twice, when that was the fault.
    package let pointer: JSONPointer?

    package init(line: Int, column: Int, offset: Int, message: String, pointer: JSONPointer? = nil) {
        self.line = line
        self.column = column
        self.offset = offset
        self.message = message
        self.pointer = pointer
    }

    /// Counts the lines before `offset`; only a fault pays for them.
    init(_ message: String, at offset: Int, in bytes: Span<UInt8>, pointer: JSONPointer? = nil) {
        var line = 1
        var column = 1
        for index in 0..<min(offset, bytes.count) {
            switch bytes[index] {
            case UInt8(ascii: "\n"):
                line += 1
                column = 1
            case 0x80...0xBF:
                break
            default:
                column += 1
            }
        }
        self.init(line: line, column: column, offset: offset, message: message, pointer: pointer)
    }

    package var description: String {
        let place = pointer.map { " at \($0)" } ?? ""
        return "\(message)\(place) (line \(line), column \(column))"
    }
}
