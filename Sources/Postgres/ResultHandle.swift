import CPostgres

/// Owns one of libpq's results.
///
/// Sendable, because a result never changes once libpq has given it away, and libpq reads it without writing.
@safe final class ResultHandle: @unchecked Sendable {
    private let result: OpaquePointer
    let rowCount: Int
    let columnCount: Int

    init(_ result: OpaquePointer) {
        unsafe self.result = unsafe result
        rowCount = unsafe Int(PQntuples(result))
        columnCount = unsafe Int(PQnfields(result))
    }

    deinit { unsafe PQclear(result) }

    /// How many rows the statement inserted, changed, deleted or gave.
    var affectedRows: Int { unsafe Int(String(cString: PQcmdTuples(result))) ?? 0 }

    /// What the statement was, such as `INSERT 0 1`.
    var commandTag: String { unsafe String(cString: PQcmdStatus(result)) }

    func columnName(_ column: Int) -> String {
        unsafe PQfname(result, Int32(column)).map { unsafe String(cString: $0) } ?? ""
    }

    func columnType(_ column: Int) -> PostgresType { unsafe PostgresType(rawValue: PQftype(result, Int32(column))) }

    /// The bytes of a value; `nil` for NULL.
    ///
    /// They live as long as this object: a ``Cell`` keeps both together.
    func bytes(row: Int, column: Int) -> UnsafeRawBufferPointer? {
        precondition(row >= 0 && row < rowCount && column >= 0 && column < columnCount, "outside of the result")
        guard unsafe PQgetisnull(result, Int32(row), Int32(column)) == 0 else { return nil }
        let count = unsafe Int(PQgetlength(result, Int32(row), Int32(column)))
        return unsafe UnsafeRawBufferPointer(start: PQgetvalue(result, Int32(row), Int32(column)), count: count)
    }
}
