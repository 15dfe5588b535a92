/// A type by the number PostgreSQL knows it by.
///
/// Source: `pg_type.dat`.
package struct PostgresType: RawRepresentable, Sendable, Hashable, CustomStringConvertible {
    package let rawValue: UInt32

    package init(rawValue: UInt32) { self.rawValue = rawValue }

    private init(_ number: UInt32) { rawValue = number }

    static let unspecified = PostgresType(0)
    static let bool = PostgresType(16)
    static let bytea = PostgresType(17)
    static let int8 = PostgresType(20)
    static let int2 = PostgresType(21)
    static let int4 = PostgresType(23)
    static let text = PostgresType(25)
    static let oid = PostgresType(26)
    static let float4 = PostgresType(700)
    static let float8 = PostgresType(701)
    static let timestamp = PostgresType(1114)
    static let timestamptz = PostgresType(1184)
    static let numeric = PostgresType(1700)
    static let uuid = PostgresType(2950)
    static let jsonb = PostgresType(3802)
    static let boolArray = PostgresType(1000)
    static let byteaArray = PostgresType(1001)
    static let int2Array = PostgresType(1005)
    static let int4Array = PostgresType(1007)
    static let textArray = PostgresType(1009)
    static let int8Array = PostgresType(1016)
    static let float8Array = PostgresType(1022)
    static let timestamptzArray = PostgresType(1185)
    static let uuidArray = PostgresType(2951)

    /// Types whose binary form is their text: `char`, `name`, `text`, `json`, `xml`, `unknown`, `bpchar`, `varchar`, and the
    /// enumerations of the user, which have numbers from 16384 on.
    var isText: Bool {
        switch rawValue {
        case 18, 19, 25, 114, 142, 705, 1042, 1043: true
        default: rawValue >= 16_384
        }
    }

    package var description: String {
        switch self {
        case .bool: "bool"
        case .bytea: "bytea"
        case .int2: "int2"
        case .int4: "int4"
        case .int8: "int8"
        case .text: "text"
        case .oid: "oid"
        case .float4: "float4"
        case .float8: "float8"
        case .timestamp: "timestamp"
        case .timestamptz: "timestamptz"
        case .numeric: "numeric"
        case .uuid: "uuid"
        case .jsonb: "jsonb"
        default: "type \(rawValue)"
        }
    }
}
