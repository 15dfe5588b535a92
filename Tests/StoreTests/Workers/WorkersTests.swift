import Postgres
import Store
import TestSupport
import Testing

@Suite("A worker", .database)
struct WorkersTests {
    @Test("says that it lives, and hears how many do")
    func heartbeat() async throws {
        let store = Store(pool: TestDatabase.current.pool())
        let connection = try await TestDatabase.current.connect()
        let first = try await store.registerWorker(host: "a", pid: 1, lanes: [""], capacity: 1)
        let second = try await store.registerWorker(host: "b", pid: 2, lanes: ["", "g"], capacity: 1)
        let idle = try await store.registerWorker(host: "c", pid: 3, lanes: [], capacity: 1)
        #expect(first != second && idle != second)

        let answer = try #require(try await store.heartbeat(first, lanes: ["", "f"], on: connection))
        #expect(answer.aliveWorkers == 3)
        try await store.endWorker(second)
        let later = try #require(try await store.heartbeat(first, lanes: ["h"], on: connection))
        #expect(later.aliveWorkers == 2 && later.now >= answer.now)
        #expect(try await store.heartbeat(second, lanes: [""], on: connection) == nil)
        try await store.endWorker(first)
        #expect(try await store.heartbeat(idle, lanes: [], on: connection)?.aliveWorkers == 1)
    }

    @Test("is declared dead when it says nothing for too long, the sooner if its session is gone")
    func lapses() async throws {
        let bench = try await Bench()
        let store = bench.store
        let silent = bench.worker
        let held = try await Connection.connect(to: Bench.settings)
        try await store.holdSession(of: silent, on: held)
        // The server counts missing sessions only when it has run for some seconds, so that they can come back.
        try await waitUntil(within: .seconds(60)) {
            let rows = try await bench.connection.query(
                "SELECT pg_postmaster_start_time() < now() - interval '6 s'"
            )
            return try #require(rows.first)[0]
        }
        try await bench.stopClock(at: 0)
        #expect(try await store.heartbeat(silent, lanes: [], on: bench.connection) != nil)
        func end() async throws -> Int {
            try await store.endLapsedWorkers(after: .seconds(5), withoutSession: .seconds(1.5))
        }
        #expect(try await end() == 0)
        try await bench.stopClock(at: 2)
        #expect(try await end() == 0)

        await held.close()
        try await waitUntil(within: .seconds(60)) { try await end() == 1 }
        #expect(try await store.heartbeat(silent, lanes: [], on: bench.connection) == nil)
        #expect(try await end() == 0)

        let other = try await store.registerWorker(host: "a", pid: 1, lanes: [""], capacity: 1)
        let session = try await Connection.connect(to: Bench.settings)
        try await store.holdSession(of: other, on: session)
        try await bench.stopClock(at: 6)
        #expect(try await end() == 0)
        try await bench.stopClock(at: 8)
        #expect(try await end() == 1)
        #expect(try await store.heartbeat(other, lanes: [], on: bench.connection) == nil)
        await session.close()
    }

    @Test("is not ended while a lease to it is under way")
    func endWaits() async throws {
        let bench = try await Bench()
        let other = try await bench.connectPatiently()
        try await other.transaction { transaction throws(PostgresError) in
            _ = try await transaction.query(
                "SELECT 1 FROM braid.workers WHERE worker_id = $1 FOR KEY SHARE",
                [.int8(bench.worker.rawValue)]
            )
            // A heartbeat does not wait for it, an end does.
            do {
                #expect(try await bench.store.heartbeat(bench.worker, lanes: [], on: bench.connection) != nil)
                async let end: Void = bench.store.endWorker(bench.worker)
                try await waitUntil(within: .seconds(60)) { try await bench.countWaiting() == 1 }
                _ = try await transaction.commit([])
                try await end
            } catch {
                Issue.record(error)
            }
        }
        #expect(try await bench.store.heartbeat(bench.worker, lanes: [], on: bench.connection) == nil)
    }
}

@Suite("A worker whose process was stopped while it read an answer", .database)
struct StalledWorkerTests {
    @Test("keeps nobody from declaring it dead, and its session is ended")
    func isEnded() async throws {
        let bench = try await Bench()
        let other = try await bench.store.registerWorker(host: "a", pid: 1, lanes: [""], capacity: 1)
        let stalled = try StalledClient(
            of: Bench.settings,
            performing: """
                BEGIN; SELECT 1 FROM braid.workers WHERE worker_id = \(bench.worker) FOR KEY SHARE;
                UPDATE braid.workers SET pid = 2 WHERE worker_id = \(bench.worker);
                SELECT repeat('x', 1000) FROM generate_series(1, 100000)
                """
        )
        try await waitUntil(within: .seconds(60)) { try await sessions(bench, "wait_event = 'ClientWrite'") == 1 }
        try await bench.advance(by: 60)
        // The other is ended at once, whoever is locked; then the row is free.
        func end() async throws -> Int {
            try await bench.store.endLapsedWorkers(after: .seconds(1), withoutSession: .seconds(1))
        }
        var ended = try await end()
        #expect(ended >= 1)
        #expect(try await bench.store.heartbeat(other, lanes: [], on: bench.connection) == nil)
        try await waitUntil(within: .seconds(60)) {
            ended += try await end()
            return ended == 2
        }
        #expect(try await bench.store.heartbeat(bench.worker, lanes: [], on: bench.connection) == nil)
        #expect(try await sessions(bench, "wait_event = 'ClientWrite'") == 0)
        stalled.close()
    }

    private func sessions(_ bench: Bench, _ condition: String) async throws -> Int {
        let rows = try await bench.connection.query(
            "SELECT count(*)::int4 FROM pg_stat_activity WHERE datname = current_database() AND \(condition)"
        )
        return try #require(rows.first)[0]
    }
}

extension Bench {
    /// How many sessions of this database wait for a lock.
    func countWaiting() async throws -> Int {
        let rows = try await connection.query(
            """
            SELECT count(*)::int4 FROM pg_stat_activity
            WHERE datname = current_database() AND wait_event_type = 'Lock'
            """
        )
        return try #require(rows.first)[0]
    }
}
