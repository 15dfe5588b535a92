import JSON

/// The rows of a CSV file as objects of strings: each field under its column's name.
///
/// Short rows are filled up with `""`, long ones cut; a byte order mark is skipped. Source: reference §14.
package struct CSVItems: ItemParser {
    private static let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]

    private var input: InputBuffer
    private var records: CSVRecords
    private var columns: Columns?
    private var ordinal: Int
    private var isAtStart: Bool

    /// A reader at the start of a file.
    package init(_ dialect: CSVDialect) throws(ItemReadingError) {
        try self.init(dialect, columns: nil, at: ItemCursor())
    }

    /// A reader behind an item.
    ///
    /// - Parameters:
    ///   - dialect: How the file is written.
    ///   - columns: What ``columnNames`` was then; it is not in the bytes that follow.
    ///   - cursor: The item's ``Item/next``.
    /// - Throws: That two columns have the same name.
    package init(_ dialect: CSVDialect, columns: [String]?, at cursor: ItemCursor) throws(ItemReadingError) {
        input = InputBuffer(offset: cursor.offset)
        records = CSVRecords(delimiter: dialect.delimiter, at: cursor)
        ordinal = cursor.ordinal
        isAtStart = cursor.offset == 0
        switch dialect.header {
        case .given(let names): self.columns = try Columns(names)
        case .firstRow: if let columns { self.columns = try Columns(columns) }
        }
    }

    /// The columns' names, once they are known.
    package var columnNames: [String]? { columns?.names }

    package mutating func take(_ bytes: [UInt8]) { input.take(bytes) }
    package mutating func finish() { input.finish() }

    package mutating func next() throws(ItemReadingError) -> Item? {
        if isAtStart {
            guard input.count >= 3 || input.isComplete else { return nil }
            isAtStart = false
            if input.count >= 3, input.prefix(3).elementsEqual(Self.byteOrderMark) { input.advance(by: 3) }
        }
        if columns == nil, let names = try records.next(from: &input, ordinal: ordinal) {
            columns = try Columns(names)
        }
        if let columns, try records.advance(in: &input, ordinal: ordinal) {
            ordinal += 1
            let next = ItemCursor(ordinal: ordinal, offset: input.offset, line: records.line)
            return Item(value: columns.object(of: records), next: next)
        }
        if input.isComplete, columns == nil { throw .missingHeader }
        return nil
    }
}

/// The columns' names, and the order of members in which AWS gives a row.
private struct Columns {
    let names: [String]
    private let order: [Int]
    /// What stands in front of each column's value, in that order, such as `{"id":"` and then `","name":"`.
    private let openings: [[UInt8]]

    init(_ names: [String]) throws(ItemReadingError) {
        guard Set(names.map { Array($0.utf8) }).count == names.count else { throw .duplicateHeaders }
        self.names = names
        let order = hashMapOrder(of: names)
        self.order = order
        openings = order.indices.map { place in
            var bytes = Array((place == 0 ? "{" : "\",").utf8)
            bytes.append(jsonString: names[order[place]])
            bytes.append(contentsOf: ":\"".utf8)
            return bytes
        }
    }

    /// A record as an object: its text is written at once, since millions of rows are only passed on.
    func object(of record: CSVRecords) -> JSONText {
        guard !order.isEmpty else { return JSONText(trusted: "{}") }
        var text: [UInt8] = []
        text.reserveCapacity(openings.reduce(2 + record.bytes.count * 9 / 8) { $0 + $1.count })
        for (opening, index) in zip(openings, order) {
            text.append(contentsOf: opening)
            guard index < record.ends.count else { continue }
            text.appendEscaped(record.bytes[(index == 0 ? 0 : record.ends[index - 1])..<record.ends[index]])
        }
        text.append(contentsOf: "\"}".utf8)
        // As Java decodes them: bytes that are not UTF-8 become U+FFFD.
        return JSONText(trusted: String(decoding: text, as: UTF8.self))
    }
}
