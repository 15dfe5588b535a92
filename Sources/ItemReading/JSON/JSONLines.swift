import JSON

/// The lines of a JSONL file, each one item; blank lines are none.
package struct JSONLines: ItemParser {
    private var input: InputBuffer
    private var ordinal: Int
    private var line: Int
    /// How many of the waiting bytes are known to hold no line break.
    private var scanned = 0

    package init(at cursor: ItemCursor = ItemCursor()) {
        input = InputBuffer(offset: cursor.offset)
        ordinal = cursor.ordinal
        line = cursor.line
    }

    package mutating func take(_ bytes: [UInt8]) { input.take(bytes) }
    package mutating func finish() { input.finish() }

    package mutating func next() throws(ItemReadingError) -> Item? {
        while let length = try lineLength() {
            let place = ItemPlace(line: line, offset: input.offset, ordinal: ordinal)
            var text = Array(input.prefix(length))
            if input.offset == 0, text.starts(with: [0xEF, 0xBB, 0xBF]) { text.removeFirst(3) }
            // The line break too, which only the last line may lack.
            input.advance(by: min(length + 1, input.count))
            line += 1
            scanned = 0
            if text.allSatisfy(\.isJSONWhitespace) { continue }
            do {
                let value = try JSONValue(parsing: text)
                ordinal += 1
                let next = ItemCursor(ordinal: ordinal, offset: input.offset, line: line)
                return Item(value: JSONText(value), next: next)
            } catch {
                throw .malformed(format: "JSONL", "\(error.message) (column \(error.column))", at: place)
            }
        }
        return nil
    }

    /// The bytes of the next line without its break; `nil` until it is complete, and when there is none.
    private mutating func lineLength() throws(ItemReadingError) -> Int? {
        while let byte = input.peek(scanned) {
            if byte == UInt8(ascii: "\n") { return scanned }
            scanned += 1
            guard scanned <= largestItem else {
                throw .tooLarge(limit: largestItem, at: ItemPlace(line: line, offset: input.offset, ordinal: ordinal))
            }
        }
        return input.isComplete && scanned > 0 ? scanned : nil
    }
}

extension UInt8 {
    /// Whether it stands between JSON's tokens for nothing.
    var isJSONWhitespace: Bool {
        self == UInt8(ascii: " ") || self == UInt8(ascii: "\n") || self == UInt8(ascii: "\r")
            || self == UInt8(ascii: "\t")
    }
}
