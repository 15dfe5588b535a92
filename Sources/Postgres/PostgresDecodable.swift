/// A Swift type that a column can be read as.
package protocol PostgresDecodable {
    /// Reads a value; NULL is an error but for optionals.
    init(_ cell: Cell) throws(PostgresError)

    /// Reads an array of such values.
    static func array(_ cell: Cell) throws(PostgresError) -> [Self]
}

extension PostgresDecodable {
    package static func array(_ cell: Cell) throws(PostgresError) -> [Self] {
        let elements = try cell.elements()
        var values: [Self] = []
        values.reserveCapacity(elements.count)
        for element in elements { values.append(try Self(element)) }
        return values
    }
}

extension Optional: PostgresDecodable where Wrapped: PostgresDecodable {
    package init(_ cell: Cell) throws(PostgresError) {
        self = cell.isNull ? nil : try Wrapped(cell)
    }
}

extension Array: PostgresDecodable where Element: PostgresDecodable {
    package init(_ cell: Cell) throws(PostgresError) { self = try Element.array(cell) }
}

extension UInt8: PostgresDecodable {
    package init(_ cell: Cell) throws(PostgresError) { throw cell.mismatch("UInt8") }

    /// A `bytea`.
    package static func array(_ cell: Cell) throws(PostgresError) -> [UInt8] {
        guard cell.type == .bytea else { throw cell.mismatch("[UInt8]") }
        return try unsafe cell.read(as: "[UInt8]") { unsafe [UInt8]($0) }
    }
}

extension Bool: PostgresDecodable {
    package init(_ cell: Cell) throws(PostgresError) {
        guard cell.type == .bool else { throw cell.mismatch("Bool") }
        self = try cell.integer(UInt8.self) != 0
    }
}

extension Int16: PostgresDecodable {
    package init(_ cell: Cell) throws(PostgresError) {
        guard cell.type == .int2 else { throw cell.mismatch("Int16") }
        self = try cell.integer(Int16.self)
    }
}

extension Int32: PostgresDecodable {
    /// An `int4` or smaller.
    package init(_ cell: Cell) throws(PostgresError) {
        switch cell.type {
        case .int4: self = try cell.integer(Int32.self)
        case .int2: self = try Int32(cell.integer(Int16.self))
        default: throw cell.mismatch("Int32")
        }
    }
}

extension Int64: PostgresDecodable {
    /// Any whole number but `numeric`; or an instant, in microseconds since 1970 with `.max` and `.min` for the infinities.
    package init(_ cell: Cell) throws(PostgresError) {
        switch cell.type {
        case .int8: self = try cell.integer(Int64.self)
        case .int4: self = try Int64(cell.integer(Int32.self))
        case .int2: self = try Int64(cell.integer(Int16.self))
        case .oid: self = try Int64(cell.integer(UInt32.self))
        case .timestamptz, .timestamp: self = try PostgresEpoch.received(cell.integer(Int64.self))
        default: throw cell.mismatch("Int64")
        }
    }
}

extension Int: PostgresDecodable {
    /// As `Int64`.
    package init(_ cell: Cell) throws(PostgresError) { self = try Int(Int64(cell)) }
}

extension Double: PostgresDecodable {
    /// A `float8` or `float4`.
    package init(_ cell: Cell) throws(PostgresError) {
        switch cell.type {
        case .float8: self = try Double(bitPattern: cell.integer(UInt64.self))
        case .float4: self = try Double(Float(bitPattern: cell.integer(UInt32.self)))
        default: throw cell.mismatch("Double")
        }
    }
}

extension String: PostgresDecodable {
    /// Text of any kind, enumerations, `json`, `jsonb` and `uuid`.
    package init(_ cell: Cell) throws(PostgresError) {
        switch cell.type {
        case .jsonb:
            self = try unsafe cell.read(as: "String") { bytes in
                unsafe bytes.first == 1 ? unsafe String(decoding: bytes.dropFirst(), as: UTF8.self) : nil
            }
        case .uuid: self = try UUIDValue(cell).description
        case _ where cell.type.isText:
            self = try unsafe cell.read(as: "String") { unsafe String(decoding: $0, as: UTF8.self) }
        default: throw cell.mismatch("String")
        }
    }
}

extension UUIDValue: PostgresDecodable {
    package init(_ cell: Cell) throws(PostgresError) {
        guard cell.type == .uuid else { throw cell.mismatch("UUIDValue") }
        self.init(high: try cell.integer(UInt64.self), low: try cell.integer(UInt64.self, at: 8))
    }
}
