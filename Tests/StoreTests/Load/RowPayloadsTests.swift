import JSON
import Postgres
import Store
import TestSupport
import Testing

@Suite("A payload that is long", .database)
struct RowPayloadsTests {
    /// Letters that no compression shortens by half.
    private static func noise(_ length: Int) -> JSONText {
        var generator = SystemRandomNumberGenerator()
        let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")
        let text = String((0..<length).map { _ in letters[Int.random(in: 0..<64, using: &generator)] })
        return JSONText(.string(text))
    }

    /// Starts an execution with an input, and changes its branch's row as leases do; returns what the table grew by.
    private func grown(by input: JSONText, changes: Int, on bench: Bench) async throws -> (rows: Int, beside: Int) {
        let id = bench.newID()
        let start = bench.submission(.perform(), id: id, lease: bench.newLease(), input: input)
        _ = try await bench.commit([.start(start)])
        #expect(try await bench.branch(BranchKey(id, 0)).input == input.text)
        let before = try await sizes(bench)
        for _ in 0..<changes {
            _ = try await bench.connection.query(
                "UPDATE braid.branches SET lease = lease + 1 WHERE execution_id = $1",
                [.uuid(id.value)]
            )
        }
        let after = try await sizes(bench)
        return (after.rows - before.rows, after.beside - before.beside)
    }

    private func sizes(_ bench: Bench) async throws -> (rows: Int, beside: Int) {
        let rows = try await bench.connection.query(
            """
            SELECT pg_relation_size('braid.branches')::int4, pg_relation_size(reltoastrelid)::int4
            FROM pg_class WHERE oid = 'braid.branches'::regclass
            """
        )
        let row = try #require(rows.first)
        return (try row[0], try row[1])
    }

    @Test("lies beside its branch's row: a hundred changes of the row write it not once more")
    func beside() async throws {
        let bench = try await Bench()
        let grown = try await grown(by: Self.noise(200_000), changes: 100, on: bench)
        #expect(grown.beside == 0)
        #expect(grown.rows <= 100 * 1_024)
    }

    @Test(
        "is what the setting says: one of 5,000 bytes stays in its row where that may hold 8,000, and is copied with it"
    )
    func setting() async throws {
        let bench = try await Bench()
        let outside = try await grown(by: Self.noise(5_000), changes: 20, on: bench)
        #expect(outside.rows < 20 * 5_000)
        try await RowPayloads.keep(upTo: 8_000, on: bench.connection)
        try await RowPayloads.keep(upTo: 8_000, on: bench.connection)
        let inside = try await grown(by: Self.noise(5_000), changes: 20, on: bench)
        #expect(inside.rows >= 20 * 5_000)
        try await RowPayloads.keep(upTo: 2_040, on: bench.connection)
        let again = try await grown(by: Self.noise(5_000), changes: 20, on: bench)
        #expect(again.rows < 20 * 5_000)
    }

    @Test("is compressed with LZ4 in every table, and in partitions of history that are made later")
    func compressed() async throws {
        let bench = try await Bench()
        let input = JSONText(.string(String(repeating: "all work and no play ", count: 2_000)))
        let id = bench.newID()
        _ = try await bench.commit([
            .start(bench.submission(.perform(input: input), id: id, lease: bench.newLease(), input: input))
        ])
        let rows = try await bench.connection.query(
            """
            SELECT pg_column_compression(e.input), pg_column_compression(b.input), pg_column_compression(h.payloads)
            FROM braid.executions AS e JOIN braid.branches AS b USING (execution_id) JOIN braid.history AS h USING (execution_id)
            WHERE execution_id = $1
            """,
            [.uuid(id.value)]
        )
        let row = try #require(rows.first)
        let methods: [String?] = [try row[0], try row[1], try row[2]]
        #expect(methods == ["lz4", "lz4", "lz4"])
        let later = try await bench.connection.query(
            """
            SELECT attcompression::text FROM pg_attribute
            WHERE attname = 'payloads' AND attrelid IN (SELECT inhrelid FROM pg_inherits
                WHERE inhparent = 'braid.history'::regclass)
            """
        )
        #expect(!later.isEmpty)
        for partition in later { #expect(try partition[0] == "l") }
        _ = try await bench.connection.query(
            "SELECT braid.ensure_history_partitions(now() + interval '100 days', now() + interval '110 days')"
        )
        let newest = try await bench.connection.query(
            """
            SELECT attcompression::text FROM pg_attribute JOIN pg_inherits ON inhrelid = attrelid
            WHERE attname = 'payloads' AND inhparent = 'braid.history'::regclass ORDER BY inhrelid DESC LIMIT 1
            """
        )
        #expect(try #require(newest.first)[0] == "l")
    }
}
