import Postgres
import StatesLanguage
import Store
import TestSupport
import Testing

/// For as long as somebody holds an old snapshot, what led to older versions stays in the indexes.
@Suite("A look for work under a snapshot that is held open", .database)
struct HeldSnapshotTests {
    private let leftovers = 5_000

    @Test("does not read what was leased since then")
    func leased() async throws {
        let bench = try await Bench()
        let reader = try await hold(bench)
        try await make(bench, wakeAt: "'infinity'")
        let store = Store(pool: Pool(Bench.settings, limit: 1))
        let survey = try await store.surveyLanes()
        #expect(survey.lanes.map(\.lane) == ["last"])
        #expect(try await pages(of: "WITH RECURSIVE waking", "(30)", in: store) < 200)
        await reader.close()
    }

    @Test("does not read what was ready since then, where it is told from when on to look")
    func ready() async throws {
        let bench = try await Bench()
        let reader = try await hold(bench)
        try await make(bench, wakeAt: "now() - interval '1 h' + random() * interval '1 s'")
        let store = Store(pool: Pool(Bench.settings, limit: 1))
        let whole = try await store.surveyLanes()
        #expect(try await pages(of: "WITH RECURSIVE waking", "(30)", in: store) > leftovers / 5)
        let floor = whole.now - .seconds(2)
        let survey = try await store.surveyLanes(from: ["f": floor, "last": floor, "other": floor])
        #expect(survey.lanes.map(\.lane) == ["last"] && whole.lanes.map(\.lane) == ["last"])
        #expect(survey.lanes.first?.nextWake == whole.lanes.first?.nextWake)
        let floors = "(30, '{f,last}', ARRAY[now() - interval '2 s', now() - interval '2 s'])"
        #expect(try await pages(of: "known (lane, floor)", floors, in: store) < 50)
        await reader.close()
    }

    private func hold(_ bench: Bench) async throws -> Connection {
        let reader = try await bench.connectPatiently()
        try await reader.run(script: "BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT 1;")
        return reader
    }

    /// Branches of a lane that have all ended, three to a page, and behind them a lane with one that sleeps.
    private func make(_ bench: Bench, wakeAt: String) async throws {
        try await bench.connection.run(
            script: """
                INSERT INTO braid.branches (execution_id, branch_id, wake_at, kind, lane, state, input)
                SELECT gen_random_uuid(), 0, \(wakeAt), 'root', 'f', 'A', repeat(' ', 1500) FROM generate_series(1, \(leftovers)) AS n;
                UPDATE braid.branches SET wake_at = NULL, status = 'SUCCEEDED';
                INSERT INTO braid.branches (execution_id, branch_id, wake_at, kind, lane, state, input)
                VALUES (gen_random_uuid(), 0, now() + interval '1 h', 'root', 'last', 'A', '{}');
                ANALYZE braid.branches;
                """
        )
    }

    /// How many pages a statement that the store has prepared asks for.
    private func pages(of statement: String, _ arguments: String, in store: Store) async throws -> Int {
        let plan = try await store.pool.withConnection { connection throws(PostgresError) -> [String] in
            let found = try await connection.query(
                "SELECT name FROM pg_prepared_statements WHERE position($1 IN statement) > 0 AND statement !~ 'position'",
                [.text(statement)]
            )
            guard let name: String = try found.first.map({ row throws(PostgresError) in try row[0] }) else { return [] }
            let rows = try await connection.pipeline([
                Statement("EXPLAIN (ANALYZE, BUFFERS) EXECUTE \"\(name)\"\(arguments)", isPrepared: false)
            ])[0]
            var lines: [String] = []
            for row in rows { lines.append(try row[0]) }
            return lines
        }
        // The first line of its kind is that of the whole.
        let line = try #require(plan.first { $0.contains("Buffers:") })
        let hits = try #require(line.firstMatch(of: /hit=(\d+)/))
        return try #require(Int(hits.1))
    }
}
