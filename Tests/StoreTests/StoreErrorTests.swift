import Postgres
import Store
import TestSupport
import Testing

@Suite("A session of the store", .database)
struct StoreSessionTests {
    @Test("waits for a statement and for a lock as long as it takes, whatever the database's owner has set for others")
    func patience() async throws {
        let database = TestDatabase.current
        let owner = try await database.connect()
        for setting in ["statement_timeout", "lock_timeout"] {
            let change = "format('ALTER DATABASE %I SET \(setting) = 7000', current_database())"
            try await owner.run(script: "DO $$ BEGIN EXECUTE \(change); END $$")
        }
        let ordinary = try await database.connect()
        let session = try await Connection.connect(to: Bench.settings)
        for setting in ["statement_timeout", "lock_timeout"] {
            #expect(try await ordinary.query("SHOW \(setting)")[0][0] == "7s")
            #expect(try await session.query("SHOW \(setting)")[0][0] == "0")
        }
    }
}

@Suite("An error of the store", .database)
struct StoreErrorTests {
    @Test("tells a transaction that stood still for too long from a connection that was lost")
    func stoodStill() async throws {
        let impatient = Bench.settings.with { $0.session["idle_in_transaction_session_timeout"] = "20ms" }
        let connection = try await Connection.connect(to: impatient)
        let process = await connection.processID
        let other = try await TestDatabase.current.connect()
        let error = await #expect(throws: PostgresError.self) {
            try await connection.transaction { transaction throws(PostgresError) in
                _ = try await transaction.query("SELECT 1")
                var isThere = true
                while isThere {
                    isThere = try await !other.query("SELECT 1 FROM pg_stat_activity WHERE pid = $1", [.int4(process)])
                        .isEmpty
                }
                _ = try await transaction.query("SELECT 1")
            }
        }
        let failure = StoreError(try #require(error))
        guard case .stoodStill = failure else {
            Issue.record("\(failure)")
            return
        }
    }
}
