/// How a CSV file is written.
package struct CSVDialect: Sendable, Hashable {
    /// What stands between fields, by the names of `CSVDelimiter`.
    package enum Delimiter: String, Sendable, Hashable, CaseIterable {
        case comma = "COMMA"
        case pipe = "PIPE"
        case semicolon = "SEMICOLON"
        case space = "SPACE"
        case tab = "TAB"

        var byte: UInt8 {
            switch self {
            case .comma: UInt8(ascii: ",")
            case .pipe: UInt8(ascii: "|")
            case .semicolon: UInt8(ascii: ";")
            case .space: UInt8(ascii: " ")
            case .tab: UInt8(ascii: "\t")
            }
        }
    }

    /// Where the columns' names are, by the names of `CSVHeaderLocation`.
    package enum Header: Sendable, Hashable {
        case firstRow
        case given([String])
    }

    package let delimiter: Delimiter
    package let header: Header

    package init(delimiter: Delimiter = .comma, header: Header) {
        self.delimiter = delimiter
        self.header = header
    }
}
