import Engine
import JSON
import Lifecycle
import Postgres
import Store
import Synchronization
import TestSupport
import Testing

@Suite("A worker's leases", .database)
struct HandBackTests {
    private static let machine =
        #"{"StartAt":"T","States":{"T":{"Type":"Task","Resource":"\#(EngineFixture.arn("slow"))","End":true}}}"#

    private func untilLeased(_ store: Store, _ isLeased: Bool) async throws {
        try await waitUntil(within: .seconds(60)) {
            let rows = try await store.pool.query("SELECT count(*)::int8 FROM braid.branches WHERE worker IS NOT NULL")
            return try #require(rows.first)[0] as Int == (isLeased ? 1 : 0)
        }
    }

    @Test("are handed back when its grace is over, and do not have to lapse")
    func afterGrace() async throws {
        let calls = Mutex(0)
        let slow: EngineFixture.Function = { input in
            let isFirst = calls.withLock { calls in
                calls += 1
                return calls == 1
            }
            if isFirst { try? await Task.sleep(for: .seconds(600)) }
            return input
        }
        let first = try await EngineFixture.make(["slow": slow])
        let running = Task { try await first.engine.run() }
        try await first.engine.ready()
        let id = try await first.start(Self.machine)
        try await untilLeased(first.store, true)
        // As the group does that the engine is a part of, when what has begun does not end in time.
        await first.engine.stop()
        running.cancel()
        _ = try? await running.value
        try await untilLeased(first.store, false)
        let rows = try await first.store.pool.query(
            "SELECT count(*)::int8 FROM braid.workers WHERE ended_at IS NULL"
        )
        let alive: Int = try #require(rows.first)[0]
        #expect(alive == 0)
        // No death counts: it was handed back in order.
        let lapses = try await first.store.pool.query("SELECT lapses::int8 FROM braid.branches")
        #expect(try #require(lapses.first)[0] as Int == 0)
        try await EngineFixture.make(["slow": slow]).run { second in
            let end = try await second.end(of: id)
            #expect(end.status == "SUCCEEDED")
        }
        #expect(calls.withLock { $0 } == 2)
    }

    @Test("stay its own when the session that its heartbeats go by is lost, which comes back")
    func lostSession() async throws {
        let calls = Mutex(0)
        let isOver = Mutex(false)
        let slow: EngineFixture.Function = { input in
            calls.withLock { $0 += 1 }
            while !isOver.withLock({ $0 }), (try? await Task.sleep(for: .milliseconds(5))) != nil {}
            return input
        }
        var settings = EngineSettings()
        // A busy machine may take longer over it than others wait by default.
        settings.lapseWithoutSession = .seconds(25)
        settings.lapse = .seconds(30)
        settings.selfLapse = .seconds(28)
        try await EngineFixture.make(["slow": slow], settings: settings).run { fixture in
            let id = try await fixture.start(Self.machine)
            try await untilLeased(fixture.store, true)
            let lost = try #require(try await sessions(fixture.store).first)
            _ = try await fixture.store.pool.query("SELECT pg_terminate_backend($1)", [.int4(lost)])
            try await waitUntil(within: .seconds(60)) {
                let held = try await sessions(fixture.store)
                return held.count == 1 && held != [lost]
            }
            isOver.withLock { $0 = true }
            let end = try await fixture.end(of: id)
            #expect(end.status == "SUCCEEDED")
            #expect(calls.withLock { $0 } == 1)
            let workers = try await fixture.store.pool.query("SELECT count(*)::int8 FROM braid.workers")
            let count: Int = try #require(workers.first)[0]
            #expect(count == 1)
        }
    }

    /// The server's processes whose sessions are a worker's.
    private func sessions(_ store: Store) async throws -> [Int32] {
        let rows = try await store.pool.query(
            """
            SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND classid = \(Store.workerLockClass) AND granted
                AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
            """
        )
        var found: [Int32] = []
        for row in rows { found.append(try row[0]) }
        return found
    }
}
