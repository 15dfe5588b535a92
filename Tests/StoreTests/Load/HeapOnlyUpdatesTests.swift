import Postgres
import Store
import TestSupport
import Testing

@Suite("Branches under a kept lease")
struct HeapOnlyUpdatesTests {
    // On a server of its own: what other databases of a server have open for long keeps old versions in all of them.
    @Test("are updated without touching an index, at least three times in five")
    func hot() async throws {
        let server = try await OwnServer()
        let bench = try await Bench(server.settings)
        var held: [Held] = []
        for _ in 0..<200 { held.append(try await bench.start()) }
        let before = try await updates(bench)
        let rounds = 20
        for round in 0..<rounds {
            for batch in stride(from: 0, to: held.count, by: 50) {
                let range = batch..<batch + 50
                let step = Step.perform("State\(round % 3)", input: #"{"payload": "0123456789012345678901234567890"}"#)
                let answers = try await bench.commit(held[range].map { .transition($0.submit(step)) })
                for (offset, index) in range.enumerated() { held[index].take(answers[offset]) }
            }
        }
        var after = before
        try await waitUntil(within: .seconds(60)) {
            after = try await updates(bench)
            return after.all - before.all >= rounds * held.count
        }
        let share = Double(after.hot - before.hot) / Double(after.all - before.all)
        #expect(share >= 0.6, "\(share)")
    }

    private func updates(_ bench: Bench) async throws -> (all: Int, hot: Int) {
        let rows = try await bench.connection.pipeline([
            Statement("SELECT pg_stat_force_next_flush()"), Statement("SELECT pg_stat_clear_snapshot()"),
            Statement(
                """
                SELECT n_tup_upd::int4, n_tup_hot_upd::int4 FROM pg_stat_user_tables
                WHERE schemaname = 'braid' AND relname = 'branches'
                """
            ),
        ])[2]
        let row = try #require(rows.first)
        return (try row[0], try row[1])
    }
}
