package import Postgres

/// What the server does by itself in the plainest of transactions, as pgbench measures it.
///
/// A prepared UPDATE of one row of 200 bytes, by 8 clients at once: the measure of the minute, by which runs on other
/// machines and at other times compare.
package enum Yardstick {
    private static let rows = 10_000
    private static let clients = 8

    /// Returns transactions a second.
    ///
    /// The table is new each time: versions that somebody's old snapshot keeps would be counted against the server.
    package static func measure(_ settings: ConnectionSettings, for time: Duration) async throws -> Double {
        let setup = try await Connection.connect(to: settings)
        try await setup.run(
            script: """
                CREATE SCHEMA IF NOT EXISTS braid_bench;
                DROP TABLE IF EXISTS braid_bench.rows;
                CREATE TABLE braid_bench.rows (id integer PRIMARY KEY, value text NOT NULL) WITH (fillfactor = 50);
                INSERT INTO braid_bench.rows SELECT id, repeat('x', 200) FROM generate_series(1, \(rows)) AS id;
                """
        )
        await setup.close()
        var connections: [Connection] = []
        for _ in 0..<clients { connections.append(try await Connection.connect(to: settings)) }
        let began = ContinuousClock.now
        let end = began + time
        let value = PostgresValue.text(String(repeating: "y", count: 200))
        let done = try await withThrowingTaskGroup(of: Int.self) { group in
            for connection in connections {
                group.addTask {
                    let before = connection.roundTrips
                    try await connection.performAll { _ in
                        guard ContinuousClock.now < end else { return nil }
                        let id = PostgresValue.int4(.random(in: 1...Int32(rows)))
                        return [Statement("UPDATE braid_bench.rows SET value = $2 WHERE id = $1", [id, value])]
                    }
                    return connection.roundTrips - before
                }
            }
            return try await group.reduce(0, +)
        }
        let seconds = (ContinuousClock.now - began) / .seconds(1)
        for connection in connections { await connection.close() }
        return Double(done) / seconds
    }
}
