/// Splits CSV into records of fields, a byte at a time.
///
/// Fields may be quoted, and then hold delimiters and line breaks; `""` and `\"` are a quote in them. A backslash before a
/// backslash, a quote or the delimiter stands for that byte, before anything else it is dropped. Lines end in LF, CR LF or
/// CR; empty ones are no records. Source: reference §14.
struct CSVRecords {
    private enum State: Equatable {
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
    /// The bytes of the record's fields, one behind the other, and where each ends.
    private(set) var bytes: [UInt8] = []
    private(set) var ends: [Int] = []
    /// Whether the record there is has been given.
    private var isGiven = false
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
        try advance(in: &input, ordinal: ordinal) ? fields : nil
    }

    /// Reads the next record, whose fields are then ``bytes`` and ``ends``; returns whether there is one.
    mutating func advance(in input: inout InputBuffer, ordinal: Int) throws(ItemReadingError) -> Bool {
        if isGiven {
            isGiven = false
            bytes.removeAll(keepingCapacity: true)
            ends.removeAll(keepingCapacity: true)
        }
        if !isBegun { start = ItemPlace(line: line, offset: start.offset, ordinal: ordinal) }
        while let byte = input.peek() {
            if case .carriageReturn = state {
                if byte == UInt8(ascii: "\n") { input.advance() }
                if end(at: input.offset, ordinal) { return true }
                continue
            }
            if try takesPlain(of: &input) { continue }
            let offset = input.offset
            input.advance()
            guard input.offset - start.offset <= largestItem else { throw .tooLarge(limit: largestItem, at: start) }
            if byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r") {
                if try !takesLineBreak(byte) { continue }
                if byte == UInt8(ascii: "\r") {
                    state = .carriageReturn
                } else if end(at: input.offset, ordinal) {
                    return true
                }
                continue
            }
            try take(byte, at: offset)
        }
        guard input.isComplete else { return false }
        switch state {
        case .quoted, .escape(isQuoted: true):
            throw .malformed(format: "CSV", "a quoted field has no closing quote", at: start)
        default: return isBegun && end(at: input.offset, ordinal)
        }
    }

    /// The record's fields.
    ///
    /// As Java decodes them: bytes that are not UTF-8 become U+FFFD.
    private var fields: [String] {
        ends.indices.map { String(decoding: bytes[($0 == 0 ? 0 : ends[$0 - 1])..<ends[$0]], as: UTF8.self) }
    }

    /// Takes the bytes that stand for nothing but themselves, all at once; returns whether there were any.
    private mutating func takesPlain(of input: inout InputBuffer) throws(ItemReadingError) -> Bool {
        let count: Int
        let isQuoted: Bool
        switch state {
        case .fieldStart, .bare:
            isQuoted = false
            count = input.count(before: delimiter, orQuote: state == .fieldStart)
        case .quoted:
            isQuoted = true
            count = input.count(before: UInt8(ascii: "\""), orQuote: true)
        default: return false
        }
        guard count > 0 else { return false }
        bytes.append(contentsOf: input.prefix(count))
        input.advance(by: count)
        guard input.offset - start.offset <= largestItem else { throw .tooLarge(limit: largestItem, at: start) }
        isBegun = true
        if !isQuoted { state = .bare }
        return true
    }

    /// Takes a line break; returns whether it ends the record.
    private mutating func takesLineBreak(_ byte: UInt8) throws(ItemReadingError) -> Bool {
        switch state {
        case .quoted, .escape(isQuoted: true):
            if byte == UInt8(ascii: "\n") { line += 1 }
            bytes.append(byte)
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
            bytes.append(byte)
            state = isQuoted ? .quoted : .bare
        case (.quoted, UInt8(ascii: "\"")): state = .quoteInQuoted
        case (.quoteInQuoted, UInt8(ascii: "\"")):
            bytes.append(byte)
            state = .quoted
        case (.quoted, UInt8(ascii: "\\")): state = .escape(isQuoted: true)
        case (.quoted, _): bytes.append(byte)
        case (_, delimiter): endField()
        case (.quoteInQuoted, UInt8(ascii: " ")), (.quoteInQuoted, UInt8(ascii: "\t")), (.closed, UInt8(ascii: " ")),
            (.closed, UInt8(ascii: "\t")):
            state = .closed
        case (.quoteInQuoted, _), (.closed, _):
            let place = ItemPlace(line: line, offset: offset, ordinal: start.ordinal)
            throw .malformed(format: "CSV", "text follows a field's closing quote", at: place)
        case (_, UInt8(ascii: "\\")): state = .escape(isQuoted: false)
        default:
            bytes.append(byte)
            state = .bare
        }
    }

    private mutating func endField() {
        ends.append(bytes.count)
        state = .fieldStart
    }

    /// Ends the record that stands in front of `offset`; returns whether there is one, that is if the line is not empty.
    private mutating func end(at offset: Int, _ ordinal: Int) -> Bool {
        line += 1
        if isBegun { endField() }
        isGiven = isBegun
        isBegun = false
        state = .fieldStart
        start = ItemPlace(line: line, offset: offset, ordinal: ordinal)
        return isGiven
    }
}
