import Postgres

/// What the server does by itself: transactions of a single-row UPDATE, by 8 connections at once.
enum BareLimit {
    /// Returns transactions per second over about a second and a half.
    static func measure(_ settings: ConnectionSettings) async throws -> Double {
        let setup = try await Connection.connect(to: settings)
        try await setup.run(
            script: """
                CREATE TABLE IF NOT EXISTS braid_bench (id integer PRIMARY KEY, value text NOT NULL) WITH (fillfactor = 50);
                INSERT INTO braid_bench SELECT id, repeat('x', 200) FROM generate_series(1, 10000) AS id
                ON CONFLICT DO NOTHING;
                """
        )
        await setup.close()
        let began = ContinuousClock.now
        let end = began + .milliseconds(1_500)
        let done = try await withThrowingTaskGroup(of: Int.self) { group in
            for worker in 0..<8 {
                group.addTask {
                    let connection = try await Connection.connect(to: settings)
                    var id = worker * 1_250
                    var done = 0
                    while ContinuousClock.now < end {
                        id = (id * 7 + 11) % 10_000
                        _ = try await connection.query(
                            "UPDATE braid_bench SET value = $2 WHERE id = $1",
                            [.int4(Int32(id + 1)), .text(String(repeating: "y", count: 200))]
                        )
                        done += 1
                    }
                    await connection.close()
                    return done
                }
            }
            return try await group.reduce(0, +)
        }
        return Double(done) / ((ContinuousClock.now - began) / .seconds(1))
    }
}
