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
        while let record = try records.next(from: &input, ordinal: ordinal) {
            guard let columns else {
                columns = try Columns(record)
                continue
            }
            ordinal += 1
            let next = ItemCursor(ordinal: ordinal, offset: input.offset, line: records.line)
            return Item(value: JSONText(.object(columns.object(of: record))), next: next)
        }
        if input.isComplete, columns == nil { throw .missingHeader }
        return nil
    }
}

/// The columns' names, and the order of members in which AWS gives a row.
private struct Columns {
    let names: [String]
    private let order: [Int]

    init(_ names: [String]) throws(ItemReadingError) {
        guard Set(names.map { Array($0.utf8) }).count == names.count else { throw .duplicateHeaders }
        self.names = names
        order = hashMapOrder(of: names)
    }

    func object(of record: [String]) -> JSONObject {
        var object = JSONObject()
        for index in order { object[names[index]] = .string(index < record.count ? record[index] : "") }
        return object
    }
}
