/// One value of a result, or one element of an array in it, before it has a Swift type.
@safe package struct Cell {
    /// The value in PostgreSQL's binary format, inside `owner`; `nil` for NULL.
    private let bytes: UnsafeRawBufferPointer?
    /// The value's type.
    let type: PostgresType
    /// Where it stands, for errors.
    let column: String
    private let owner: ResultHandle

    init(bytes: UnsafeRawBufferPointer?, type: PostgresType, column: String, owner: ResultHandle) {
        unsafe self.bytes = unsafe bytes
        self.type = type
        self.column = column
        self.owner = owner
    }

    /// Whether it is NULL.
    var isNull: Bool { unsafe bytes == nil }

    /// Reads the bytes.
    ///
    /// - Throws: ``PostgresError/decoding(column:expected:found:)`` for NULL.
    func read<T>(as expected: String, _ body: (UnsafeRawBufferPointer) -> T?) throws(PostgresError) -> T {
        guard let bytes = unsafe bytes else { throw .decoding(column: column, expected: expected, found: "NULL") }
        let value = withExtendedLifetime(owner) { unsafe body(bytes) }
        guard let value else { throw mismatch(expected) }
        return value
    }

    /// The error of a value that is not what was expected.
    func mismatch(_ expected: String) -> PostgresError {
        .decoding(column: column, expected: expected, found: "\(type)")
    }

    /// An integer of exactly this type.
    func integer<T: FixedWidthInteger>(_: T.Type, at offset: Int = 0) throws(PostgresError) -> T {
        try unsafe read(as: "\(T.self)") { bytes in
            guard offset + MemoryLayout<T>.size <= bytes.count else { return nil }
            return unsafe T(bigEndian: bytes.loadUnaligned(fromByteOffset: offset, as: T.self))
        }
    }

    /// The elements of a one-dimensional array.
    ///
    /// Source: PostgreSQL's `array_send`.
    func elements() throws(PostgresError) -> [Cell] {
        let type = type
        let column = column
        let owner = owner
        return try unsafe read(as: "a one-dimensional array") { bytes in
            func integer(at offset: Int) -> Int32? {
                guard offset + 4 <= bytes.count else { return nil }
                return unsafe Int32(bigEndian: bytes.loadUnaligned(fromByteOffset: offset, as: Int32.self))
            }
            guard type.rawValue >= 1000 || type == .init(rawValue: 199) else { return nil }
            guard let dimensions = integer(at: 0), let element = integer(at: 8) else { return nil }
            guard dimensions != 0 else { return [] }
            guard dimensions == 1, let count = integer(at: 12), count >= 0, count <= bytes.count else { return nil }
            let elementType = PostgresType(rawValue: UInt32(bitPattern: element))
            var cells: [Cell] = []
            cells.reserveCapacity(Int(count))
            var offset = 20
            for _ in 0..<count {
                guard let length = integer(at: offset) else { return nil }
                offset += 4
                guard length >= 0 else {
                    unsafe cells.append(Cell(bytes: nil, type: elementType, column: column, owner: owner))
                    continue
                }
                guard offset + Int(length) <= bytes.count else { return nil }
                let slice = unsafe UnsafeRawBufferPointer(rebasing: bytes[offset..<offset + Int(length)])
                unsafe cells.append(Cell(bytes: slice, type: elementType, column: column, owner: owner))
                offset += Int(length)
            }
            return cells
        }
    }
}
