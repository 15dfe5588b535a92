/// The rows that a statement gave.
package struct Rows: Sendable, RandomAccessCollection {
    private let handle: ResultHandle
    /// The columns' names, in order.
    package let columns: [String]

    init(_ handle: ResultHandle, columns: [String]) {
        self.handle = handle
        self.columns = columns
    }

    package var startIndex: Int { 0 }
    package var endIndex: Int { handle.rowCount }
    package subscript(position: Int) -> Row { Row(handle, position, columns: columns) }

    /// How many rows the statement inserted, changed, deleted or gave.
    package var affected: Int { handle.affectedRows }

    /// What the statement was, such as `UPDATE 3`.
    package var commandTag: String { handle.commandTag }
}

/// One row of a result.
///
/// Columns are read by place or name, as the type that is asked for: `let id: Int64 = try row["id"]`.
package struct Row: Sendable {
    private let handle: ResultHandle
    private let index: Int
    /// The columns' names, in order.
    package let columns: [String]

    init(_ handle: ResultHandle, _ index: Int, columns: [String]) {
        self.handle = handle
        self.index = index
        self.columns = columns
    }

    /// Reads a column by its place, from 0.
    package subscript<T: PostgresDecodable>(column: Int) -> T {
        get throws(PostgresError) { try decode(column, as: T.self) }
    }

    /// Reads a column by its name.
    package subscript<T: PostgresDecodable>(name: String) -> T {
        get throws(PostgresError) { try decode(name, as: T.self) }
    }

    /// Reads a column by its place, from 0.
    package func decode<T: PostgresDecodable>(_ column: Int, as type: T.Type = T.self) throws(PostgresError) -> T {
        guard columns.indices.contains(column) else {
            throw .decoding(column: "\(column)", expected: "\(T.self)", found: "no such column")
        }
        return try T(
            unsafe Cell(
                bytes: handle.bytes(row: index, column: column),
                type: handle.columnType(column),
                column: columns[column],
                owner: handle
            )
        )
    }

    /// Reads a column by its name; the first of that name, where there are several.
    package func decode<T: PostgresDecodable>(_ name: String, as type: T.Type = T.self) throws(PostgresError) -> T {
        guard let column = columns.firstIndex(of: name) else {
            throw .decoding(column: name, expected: "\(T.self)", found: "no such column")
        }
        return try decode(column, as: type)
    }
}
