import Postgres
import TestSupport
import Testing

@Suite("A bound value", .database(.empty))
struct ValueTests {
    struct Row: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let value: PostgresValue
        let type: String
        let text: String?
    }

    static let rows: [Row] = [
        Row(testDescription: "NULL", value: .null, type: "text", text: nil),
        Row(testDescription: "bool", value: .bool(true), type: "bool", text: "true"),
        Row(testDescription: "int2", value: .int2(-2), type: "int2", text: "-2"),
        Row(testDescription: "int4", value: .int4(.min), type: "int4", text: "-2147483648"),
        Row(testDescription: "int8", value: .int8(.max), type: "int8", text: "9223372036854775807"),
        Row(testDescription: "float8", value: .float8(-0.5), type: "float8", text: "-0.5"),
        Row(testDescription: "text", value: .text("ä'\"\\€🙂"), type: "text", text: "ä'\"\\€🙂"),
        Row(testDescription: "empty text", value: .text(""), type: "text", text: ""),
        Row(testDescription: "bytea", value: .bytea([0, 255]), type: "bytea", text: "\\x00ff"),
        Row(testDescription: "empty bytea", value: .bytea([]), type: "bytea", text: "\\x"),
        Row(
            testDescription: "uuid",
            value: .uuid(UUIDValue(high: 0x0190_B2C8_7C3A_7000, low: 0x8000_0000_0000_00FF)),
            type: "uuid",
            text: "0190b2c8-7c3a-7000-8000-0000000000ff"
        ),
        Row(
            testDescription: "timestamp",
            value: .timestamp(1),
            type: "timestamptz",
            text: "1970-01-01 00:00:00.000001+00"
        ),
        Row(testDescription: "infinity", value: .timestamp(.max), type: "timestamptz", text: "infinity"),
        Row(testDescription: "-infinity", value: .timestamp(.min), type: "timestamptz", text: "-infinity"),
        Row(testDescription: "empty array", value: .int8Array([]), type: "int8[]", text: "{}"),
        Row(testDescription: "bool[]", value: .boolArray([true, nil]), type: "bool[]", text: "{t,NULL}"),
        Row(testDescription: "int2[]", value: .int2Array([1, nil]), type: "int2[]", text: "{1,NULL}"),
        Row(testDescription: "int4[]", value: .int4Array([1, nil]), type: "int4[]", text: "{1,NULL}"),
        Row(testDescription: "int8[]", value: .int8Array([1, nil, -3]), type: "int8[]", text: "{1,NULL,-3}"),
        Row(testDescription: "float8[]", value: .float8Array([1.5, nil]), type: "float8[]", text: "{1.5,NULL}"),
        Row(
            testDescription: "text[]",
            value: .textArray(["a,b", nil, ""]),
            type: "text[]",
            text: "{\"a,b\",NULL,\"\"}"
        ),
        Row(testDescription: "bytea[]", value: .byteaArray([[1], nil]), type: "bytea[]", text: "{\"\\\\x01\",NULL}"),
        Row(
            testDescription: "uuid[]",
            value: .uuidArray([UUIDValue(high: 0, low: 1), nil]),
            type: "uuid[]",
            text: "{00000000-0000-0000-0000-000000000001,NULL}"
        ),
        Row(
            testDescription: "timestamptz[]",
            value: .timestampArray([.max, 0, nil]),
            type: "timestamptz[]",
            text: "{infinity,\"1970-01-01 00:00:00+00\",NULL}"
        ),
    ]

    @Test("arrives as what it is", arguments: rows)
    func arrives(_ row: Row) async throws {
        let connection = try await TestDatabase.current.connect()
        let answer = try await connection.query("SELECT $1::\(row.type)::text AS value", [row.value])
        #expect(try answer[0]["value"] == row.text)
    }

    @Test("comes back as what it was")
    func comesBack() async throws {
        let connection = try await TestDatabase.current.connect()
        let uuid = try #require(UUIDValue("0190B2C8-7c3a-7000-8000-0000000000ff"))
        let rows = try await connection.query(
            """
            SELECT $1::bool AS bool, $2::int2 AS int2, $3::int4 AS int4, $4::int8 AS int8, $5::float8 AS float8,
                $6::text AS text, $7::bytea AS bytea, $8::uuid AS uuid, $9::timestamptz AS instant,
                'infinity'::timestamptz AS infinity, NULL::text AS nothing, $10::int8[] AS numbers, $11::text[] AS words,
                '{"a":1}'::jsonb AS jsonb, $12::uuid[] AS uuids, $13::timestamptz[] AS instants
            """,
            [
                .bool(true), .int2(2), .int4(4), .int8(8), .float8(0.25), .text("t"), .bytea([1, 2]), .uuid(uuid),
                .timestamp(-1), .int8Array([1, 2]), .textArray(["a", nil]), .uuidArray([uuid]),
                .timestampArray([.min, 5]),
            ]
        )
        let row = rows[0]
        #expect(try row["bool"] == true)
        #expect(try row["int2"] == Int16(2))
        #expect(try row["int4"] == Int32(4))
        #expect(try row["int8"] == 8)
        #expect(try row["int2"] == 2)
        #expect(try row["float8"] == 0.25)
        #expect(try row["text"] == "t")
        #expect(try row["bytea"] == [UInt8]([1, 2]))
        #expect(try row["uuid"] == uuid)
        #expect(try row["instant"] == -1)
        #expect(try row["infinity"] == Int64.max)
        #expect(try row["nothing"] == String?.none)
        #expect(try row["text"] == String?.some("t"))
        #expect(try row["numbers"] == [1, 2])
        #expect(try row["words"] == [String?]([Optional("a"), nil]))
        #expect(try row["jsonb"] == "{\"a\": 1}")
        #expect(try row["uuids"] == [uuid])
        #expect(try row["instants"] == [Int64.min, 5])
        #expect(uuid.description == "0190b2c8-7c3a-7000-8000-0000000000ff")
        #expect(UUIDValue("0190b2c8") == nil)
    }

    @Test("that is not what the program expects is an error that names the column")
    func mismatch() async throws {
        let connection = try await TestDatabase.current.connect()
        let row = try await connection.query("SELECT 1::int8 AS number, NULL::text AS nothing")[0]
        #expect(throws: PostgresError.decoding(column: "number", expected: "String", found: "int8")) {
            let _: String = try row["number"]
        }
        #expect(throws: PostgresError.decoding(column: "nothing", expected: "String", found: "NULL")) {
            let _: String = try row["nothing"]
        }
        #expect(throws: PostgresError.decoding(column: "other", expected: "Int", found: "no such column")) {
            let _: Int = try row["other"]
        }
    }

    @Test("with U+0000 is refused before anything is sent")
    func nul() async throws {
        let connection = try await TestDatabase.current.connect()
        let trips = connection.roundTrips
        await #expect(throws: PostgresError.nulInText(parameter: 2, statement: "SELECT $1, $2")) {
            try await connection.query("SELECT $1, $2", [.text("a"), .text("b\0c")])
        }
        await #expect(throws: PostgresError.nulInText(parameter: 1, statement: "SELECT $1")) {
            try await connection.query("SELECT $1", [.textArray(["b", "\0"])])
        }
        #expect(connection.roundTrips == trips)
        #expect(try await connection.query("SELECT 1::int8")[0][0] == 1)
    }

    @Test("of many rows goes through unnest")
    func unnest() async throws {
        let connection = try await TestDatabase.current.connect()
        let count = 10_000
        let rows = try await connection.query(
            "SELECT count(*), sum(number)::int8, max(length(word)) FROM unnest($1::int8[], $2::text[]) AS t(number, word)",
            [.intArray(Array(1...count)), .textArray((1...count).map { String(repeating: "x", count: $0 % 100) })]
        )
        #expect(try rows[0][0] == count)
        #expect(try rows[0][1] == count * (count + 1) / 2)
        #expect(try rows[0][2] == 99)
    }
}
