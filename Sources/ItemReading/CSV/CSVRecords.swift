/// Splits CSV into records of fields, a byte at a time.
///
/// Fields may be quoted, and then hold delimiters and line breaks; `""` and `\"` are a quote in them. A backslash before a
/// backslash, a quote or the delimiter stands for that byte, before anything else it is dropped. Lines end in LF, CR LF or
/// CR; empty ones are no records. Source: reference §14.
struct CSVRecords {
    private enum State {
        case fieldStart, bare, quoted
        /// Behind a quote that ends the field, unless another one follows.
        case quoteInQuoted
        /// Behind a field's closing quote and blanks.
        case closed
        /// Behind a backslash.
        case escape(isQuoted: Bool)
        /// Behind a CR that ended the record.
        case carriageReturn
    }

    private let delimiter: UInt8
    private var state = State.fieldStart
    private var fields: [String] = []
    private var field: [UInt8] = []
    /// Whether something of the record stands in the line, be it an empty pair of quotes.
    private var isBegun = false
    /// Where the record begins.
    private(set) var start: ItemPlace
    private(set) var line: Int

    init(delimiter: CSVDialect.Delimiter, at cursor: ItemCursor) {
        self.delimiter = delimiter.byte
        line = cursor.line
        start = ItemPlace(line: cursor.line, offset: cursor.offset, ordinal: cursor.ordinal)
    }

    /// Returns the next record, or `nil` when it needs more bytes or there are none left.
    ///
    /// - Parameters:
    ///   - input: Where the bytes are; those of the record are used up.
    ///   - ordinal: The item that the record will be, for errors.
    /// - Returns: The fields.
    /// - Throws: What breaks the rules, and where.
    mutating func next(from input: inout InputBuffer, ordinal: Int) throws(ItemReadingError) -> [String]? {
        if !isBegun { start = ItemPlace(line: line, offset: start.offset, ordinal: ordinal) }
        while let byte = input.peek() {
            if case .carriageReturn = state {
                if byte == UInt8(ascii: "\n") { input.advance() }
                if let record = end(at: input.offset, ordinal) { return record }
                continue
            }
            let offset = input.offset
            input.advance()
            guard input.offset - start.offset <= largestItem else { throw .tooLarge(limit: largestItem, at: start) }
            if byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r") {
                if try !takesLineBreak(byte) { continue }
                if byte == UInt8(ascii: "\r") {
                    state = .carriageReturn
                } else if let record = end(at: input.offset, ordinal) {
                    return record
                }
                continue
            }
            try take(byte, at: offset)
        }
        guard input.isComplete else { return nil }
        switch state {
        case .quoted, .escape(isQuoted: true):
            throw .malformed(format: "CSV", "a quoted field has no closing quote", at: start)
        default: return isBegun ? end(at: input.offset, ordinal) : nil
        }
    }

    /// Takes a line break; returns whether it ends the record.
    private mutating func takesLineBreak(_ byte: UInt8) throws(ItemReadingError) -> Bool {
        switch state {
        case .quoted, .escape(isQuoted: true):
            if byte == UInt8(ascii: "\n") { line += 1 }
            field.append(byte)
            state = .quoted
            return false
        default: return true
        }
    }

    private mutating func take(_ byte: UInt8, at offset: Int) throws(ItemReadingError) {
        isBegun = true
        switch (state, byte) {
        case (.fieldStart, UInt8(ascii: "\"")): state = .quoted
        case (.escape(let isQuoted), _):
            field.append(byte)
            state = isQuoted ? .quoted : .bare
        case (.quoted, UInt8(ascii: "\"")): state = .quoteInQuoted
        case (.quoteInQuoted, UInt8(ascii: "\"")):
            field.append(byte)
            state = .quoted
        case (.quoted, UInt8(ascii: "\\")): state = .escape(isQuoted: true)
        case (.quoted, _): field.append(byte)
        case (_, delimiter): endField()
        case (.quoteInQuoted, UInt8(ascii: " ")), (.quoteInQuoted, UInt8(ascii: "\t")), (.closed, UInt8(ascii: " ")),
            (.closed, UInt8(ascii: "\t")):
            state = .closed
        case (.quoteInQuoted, _), (.closed, _):
            let place = ItemPlace(line: line, offset: offset, ordinal: start.ordinal)
            throw .malformed(format: "CSV", "text follows a field's closing quote", at: place)
        case (_, UInt8(ascii: "\\")): state = .escape(isQuoted: false)
        default:
            field.append(byte)
            state = .bare
        }
    }

    private mutating func endField() {
        // As Java decodes them: bytes that are not UTF-8 become U+FFFD.
        fields.append(String(decoding: field, as: UTF8.self))
        field.removeAll(keepingCapacity: true)
        state = .fieldStart
    }

    /// Ends the record that stands in front of `offset`; `nil` if the line is empty.
    private mutating func end(at offset: Int, _ ordinal: Int) -> [String]? {
        line += 1
        defer {
            state = .fieldStart
            isBegun = false
            fields = []
        }
        let isRecord = isBegun
        if isRecord { endField() }
        start = ItemPlace(line: line, offset: offset, ordinal: ordinal)
        return isRecord ? fields : nil
    }
}
