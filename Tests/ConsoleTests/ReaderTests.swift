import JSON
import Postgres
import Store
import TestSupport
import Testing

@testable import Console

@Suite("The SQL page", .database)
struct ReaderTests {
    let store = Store(pool: TestDatabase.current.pool())

    private func reader() async throws -> Reader {
        try await store.prepareReader()
        return Reader(store.pool.settings.with { $0.conninfo += " user=\(Reader.role)" })
    }

    @Test("answers a question about the views, whatever the columns' types are")
    func answers() async throws {
        let answer = try await reader().answer(
            "SELECT 1 AS one, now() AS at, ARRAY[1, 2] AS many, (SELECT count(*) FROM state_visits) AS visits; ",
            limit: 10
        )
        let row = try #require(answer.rows.first)
        #expect(row["one"] == .number(1) && row["many"]?[1] == .number(2) && row["visits"] == .number(0))
        #expect(!answer.hasMore)
    }

    @Test("gives no more rows than its limit, and says that there are more")
    func limit() async throws {
        let answer = try await reader().answer("SELECT * FROM generate_series(1, 1000)", limit: 3)
        #expect(answer.rows.count == 3 && answer.hasMore)
    }

    @Test(
        "changes nothing, reads no file, and becomes nobody else",
        arguments: [
            "DELETE FROM executions", "SELECT 1) AS x; DELETE FROM executions; SELECT (1",
            "SELECT pg_read_file('/etc/passwd')",
            "WITH gone AS (DELETE FROM executions RETURNING *) SELECT * FROM gone",
            "SELECT set_config('role', (SELECT rolname FROM pg_roles WHERE rolsuper LIMIT 1), false)",
            "DO $$ BEGIN PERFORM 1; END $$", "COPY (SELECT 1) TO PROGRAM 'true'",
            "SELECT nextval('state_machines_state_machine_id_seq')",
        ]
    )
    func refused(_ sql: String) async throws {
        let reader = try await reader()
        await #expect(throws: PostgresError.self) { _ = try await reader.answer(sql, limit: 10) }
    }

    @Test("leaves nothing of a query on the server")
    func forgets() async throws {
        let reader = try await reader()
        for number in 0..<20 { _ = try await reader.answer("SELECT \(number) AS n", limit: 1) }
        let answer = try await reader.answer("SELECT count(*) AS n FROM pg_prepared_statements", limit: 1)
        let prepared = try #require(answer.rows.first?["n"]?.number?.int)
        #expect(prepared < 5)
    }

    @Test("does not work with a superuser's connection")
    func superuser() async throws {
        let reader = Reader(store.pool.settings)
        await #expect(throws: PostgresError.self) { _ = try await reader.answer("SELECT 1", limit: 1) }
    }
}
