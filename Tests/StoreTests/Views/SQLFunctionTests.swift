import Interpreter
import Postgres
import Store
import TestSupport
import Testing

@Suite("The SQL function", .database)
struct SQLFunctionTests {
    struct Row: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let payload: String
        var value: String?
    }

    static let rows = [
        Row(
            testDescription: "a payload",
            payload: #"{"b": 1.50, "a": [true, null]}"#,
            value: #"{"a": [true, null], "b": 1.50}"#
        ),
        Row(testDescription: "a string with U+0000", payload: #""\u0000""#),
        Row(testDescription: "a lone surrogate", payload: #"{"a": "\ud800"}"#),
        Row(testDescription: "a pair of surrogates", payload: #""\ud83d\ude00""#, value: "\"\u{1F600}\""),
        Row(testDescription: "a number beyond numeric's range", payload: "1e400000"),
        Row(testDescription: "what is no JSON", payload: "{"),
        Row(testDescription: "an empty text", payload: ""),
    ]

    @Test("braid.jsonb gives a value, or NULL where there can be none, also where plans are parallel", arguments: rows)
    func jsonb(_ row: Row) async throws {
        let connection = try await TestDatabase.current.connect()
        for mode in ["off", "on"] {
            try await connection.run(script: "SET force_parallel_mode = \(mode)")
            let rows = try await connection.query("SELECT braid.jsonb($1)::text", [.text(row.payload)])
            #expect(try #require(rows.first)[0] as String? == row.value)
        }
        let null = try await connection.query("SELECT braid.jsonb(NULL) IS NULL")
        #expect(try #require(null.first)[0] as Bool)
    }

    @Test("braid.event_type knows every type by the code that is stored")
    func types() async throws {
        let connection = try await TestDatabase.current.connect()
        let rows = try await connection.query("SELECT braid.event_type(n) FROM generate_series(1, 63) AS n ORDER BY n")
        #expect(try rows.map { try $0[0] as String? } == HistoryEventType.allCases.map(\.rawValue) + [nil])
        for (index, type) in HistoryEventType.allCases.enumerated() {
            #expect(HistoryEventType.codes[type] == index + 1)
        }
    }

    @Test("braid.is_outcome names types that there are")
    func outcomes() async throws {
        let connection = try await TestDatabase.current.connect()
        let rows = try await connection.query(
            "SELECT count(*)::int4 FROM generate_series(1, 62) AS n WHERE braid.is_outcome(braid.event_type(n))"
        )
        #expect(try #require(rows.first)[0] as Int == 19)
    }
}
