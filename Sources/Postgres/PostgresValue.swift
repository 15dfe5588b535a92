/// A value bound to a statement's parameter, sent in PostgreSQL's binary format with its type.
///
/// Instants are microseconds since 1970-01-01T00:00:00Z; `Int64.max` is `infinity`, `Int64.min` is `-infinity`.
package enum PostgresValue: Sendable, Hashable {
    /// NULL, of the type that the statement asks for.
    case null
    case bool(Bool)
    case int2(Int16)
    case int4(Int32)
    case int8(Int64)
    case float8(Double)
    /// Text; one that holds U+0000 is refused before anything is sent.
    case text(String)
    case bytea([UInt8])
    case uuid(UUIDValue)
    /// A `timestamptz`.
    case timestamp(Int64)
    case boolArray([Bool?])
    case int2Array([Int16?])
    case int4Array([Int32?])
    case int8Array([Int64?])
    case float8Array([Double?])
    case textArray([String?])
    case byteaArray([[UInt8]?])
    case uuidArray([UUIDValue?])
    /// A `timestamptz[]`.
    case timestampArray([Int64?])

    /// An `int8`.
    package static func int(_ number: Int) -> PostgresValue { .int8(Int64(number)) }

    /// An `int8[]`.
    package static func intArray(_ numbers: [Int]) -> PostgresValue { .int8Array(numbers.map { Int64($0) }) }

    /// NULL, or what `wrap` makes of the value: `.optional(name, PostgresValue.text)`.
    package static func optional<T>(_ value: T?, _ wrap: (T) -> PostgresValue) -> PostgresValue {
        value.map(wrap) ?? .null
    }

    /// PostgreSQL's number for the type; 0, which lets the server find it, for NULL.
    var type: PostgresType {
        switch self {
        case .null: .unspecified
        case .bool: .bool
        case .int2: .int2
        case .int4: .int4
        case .int8: .int8
        case .float8: .float8
        case .text: .text
        case .bytea: .bytea
        case .uuid: .uuid
        case .timestamp: .timestamptz
        case .boolArray: .boolArray
        case .int2Array: .int2Array
        case .int4Array: .int4Array
        case .int8Array: .int8Array
        case .float8Array: .float8Array
        case .textArray: .textArray
        case .byteaArray: .byteaArray
        case .uuidArray: .uuidArray
        case .timestampArray: .timestamptzArray
        }
    }
}
