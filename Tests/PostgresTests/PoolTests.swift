import Lifecycle
import Postgres
import TestSupport
import Testing

@Suite("A pool", .database(.empty))
struct PoolTests {
    let database = TestDatabase.current

    @Test("lends no more connections than its limit, and uses them again")
    func limit() async throws {
        let pool = database.pool(limit: 3)
        let processes = try await withThrowingTaskGroup(of: Int32.self) { group in
            for _ in 0..<30 {
                group.addTask { try await pool.query("SELECT pg_backend_pid(), pg_sleep(0.001)")[0][0] }
            }
            return try await group.reduce(into: Set()) { $0.insert($1) }
        }
        #expect((1...3).contains(processes.count))
        await pool.stop()
        try await pool.run()
    }

    @Test("replaces connections that the server has ended, without an error")
    func replaces() async throws {
        let pool = database.pool(limit: 2)
        let process: Int32 = try await pool.query("SELECT pg_backend_pid()")[0][0]
        let other = try await database.connect()
        _ = try await other.query("SELECT pg_terminate_backend($1, 5000)", [.int4(process)])
        let next: Int32 = try await pool.query("SELECT pg_backend_pid()")[0][0]
        #expect(next != process)
    }

    @Test("does not lend a connection on with an open transaction")
    func openTransaction() async throws {
        let pool = database.pool(limit: 1)
        _ = try await pool.pipeline([Statement("BEGIN")])
        let isOpen = try await pool.withConnection { connection throws(PostgresError) in
            await connection.isInTransaction
        }
        #expect(!isOpen)
    }

    @Test("gives up on a request that waits too long, and says why")
    func patience() async throws {
        let pool = Pool(database.connectionSettings, limit: 1, patience: .milliseconds(50))
        await #expect(throws: PostgresError.poolExhausted(limit: 1, lastFailure: nil)) {
            try await pool.withConnection { _ throws(PostgresError) in _ = try await pool.query("SELECT 1") }
        }
        let nowhere = Pool(ConnectionSettings("host=/nowhere dbname=x"), patience: .milliseconds(200))
        let error = await #expect(throws: PostgresError.self) { try await nowhere.query("SELECT 1") }
        guard case .poolExhausted(_, let failure?) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(failure.contains("/nowhere"))
    }

    @Test("gives up on a request whose task is cancelled")
    func cancelled() async throws {
        let pool = database.pool(limit: 1)
        try await pool.withConnection { _ throws(PostgresError) in
            let task = Task { try await pool.query("SELECT 1") }
            task.cancel()
            let error = await #expect(throws: PostgresError.self) { try await task.value }
            #expect(error == .cancelled)
        }
        _ = try await pool.query("SELECT 1")
    }

    @Test("has requests wait by the process's timers, and leaves none of these behind")
    func timers() async throws {
        let pool = database.pool(limit: 1)
        let requests = try await pool.withConnection { _ throws(PostgresError) in
            let requests = (0..<300).map { _ in Task { _ = try await pool.query("SELECT 1") } }
            let deadline = ContinuousClock.now + .seconds(60)
            while Timers.shared.entryCount < 300, ContinuousClock.now < deadline { await Task.yield() }
            #expect(Timers.shared.entryCount >= 300)
            return requests
        }
        for request in requests { try await request.value }
        #expect(Timers.shared.entryCount < 300)
    }

    @Test("refuses once stopped, and ends when everything is back")
    func stops() async throws {
        let pool = database.pool(limit: 2)
        async let running: Void = pool.run()
        try await pool.withConnection { connection throws(PostgresError) in
            await pool.stop()
            _ = try await connection.query("SELECT 1")
        }
        try await running
        await #expect(throws: PostgresError.poolStopped) { try await pool.query("SELECT 1") }
    }
}
