import Postgres
import TestSupport
import Testing

@Suite("A transaction", .database(.empty))
struct TransactionTests {
    struct Refusal: Error, Equatable { var reason: String }

    let database = TestDatabase.current

    private func makeTable() async throws -> Connection {
        let connection = try await database.connect()
        try await connection.run(script: "CREATE TABLE t (id int8 PRIMARY KEY)")
        return connection
    }

    private func count(_ connection: Connection) async throws -> Int {
        try await connection.query("SELECT count(*) FROM t")[0][0]
    }

    @Test("that reads, then writes and commits, needs two round trips")
    func twoRoundTrips() async throws {
        let connection = try await makeTable()
        let trips = connection.roundTrips
        let affected = try await connection.transaction { transaction throws(PostgresError) in
            let rows = try await transaction.query("SELECT id FROM t FOR UPDATE")
            let results = try await transaction.commit([
                Statement("INSERT INTO t VALUES ($1)", [.int(rows.count)]),
                Statement("INSERT INTO t VALUES ($1)", [.int(rows.count + 1)]),
            ])
            return results.map(\.affected)
        }
        #expect(affected == [1, 1])
        #expect(connection.roundTrips == trips + 2)
        #expect(try await count(connection) == 2)
    }

    @Test("is committed when its body returns")
    func commits() async throws {
        let connection = try await makeTable()
        try await connection.transaction { transaction throws(PostgresError) in
            _ = try await transaction.query("INSERT INTO t VALUES (1)")
            _ = try await transaction.pipeline([Statement("INSERT INTO t VALUES (2)"), Statement("SELECT 1")])
        }
        #expect(try await count(connection) == 2)
    }

    @Test("sends nothing when its body does nothing")
    func empty() async throws {
        let connection = try await makeTable()
        let trips = connection.roundTrips
        try await connection.transaction { _ throws(PostgresError) in }
        try await connection.transaction { transaction throws(PostgresError) in _ = try await transaction.commit([]) }
        #expect(connection.roundTrips == trips)
    }

    @Test("is rolled back by an error of its body's own")
    func bodyThrows() async throws {
        let connection = try await makeTable()
        await #expect(throws: Refusal(reason: "no")) {
            try await connection.transaction(failure: { Refusal(reason: $0.description) }) {
                transaction throws(Refusal) in
                do throws(PostgresError) { _ = try await transaction.query("INSERT INTO t VALUES (1)") } catch {
                    throw Refusal(reason: error.description)
                }
                throw Refusal(reason: "no")
            }
        }
        #expect(try await count(connection) == 0)
    }

    @Test("in which a statement failed is not taken for committed")
    func swallowedError() async throws {
        let connection = try await makeTable()
        await #expect(throws: PostgresError.rolledBack) {
            try await connection.transaction { transaction throws(PostgresError) in
                _ = try await transaction.query("INSERT INTO t VALUES (1)")
                _ = try? await transaction.query("SELECT 1 / 0")
            }
        }
        #expect(try await count(connection) == 0)
    }

    @Test("is rolled back when its task is cancelled before COMMIT")
    func cancelledBeforeCommit() async throws {
        let connection = try await makeTable()
        let task = Task {
            try await connection.transaction { transaction throws(PostgresError) in
                _ = try await transaction.query("INSERT INTO t VALUES (1)")
                unsafe withUnsafeCurrentTask { unsafe $0?.cancel() }
            }
        }
        await #expect(throws: PostgresError.cancelled) { try await task.value }
        #expect(await !connection.isInTransaction)
        #expect(try await count(connection) == 0)
    }

    @Test("that COMMIT itself refuses is not taken for committed")
    func refusedCommit() async throws {
        let connection = try await makeTable()
        try await connection.run(script: "CREATE TABLE u (id int8 REFERENCES t DEFERRABLE INITIALLY DEFERRED)")
        let error = await #expect(throws: PostgresError.self) {
            try await connection.transaction { transaction throws(PostgresError) in
                _ = try await transaction.query("INSERT INTO u VALUES (1)")
            }
        }
        #expect(error?.sqlState == "23503")
        await #expect(throws: PostgresError.rolledBack) {
            try await connection.transaction { transaction throws(PostgresError) in
                _ = try? await transaction.commit([Statement("INSERT INTO u VALUES (1)")])
            }
        }
        #expect(try await connection.query("SELECT count(*) FROM u")[0][0] == 0)
    }

    @Test("counts its own statements in errors")
    func statementIndex() async throws {
        let connection = try await makeTable()
        let error = await #expect(throws: PostgresError.self) {
            try await connection.transaction { transaction throws(PostgresError) in
                _ = try await transaction.commit([Statement("SELECT 1"), Statement("SELECT 1 / 0")])
            }
        }
        #expect(error?.server?.statementIndex == 1)
        #expect(error?.sqlState == "22012")
        #expect(try await count(connection) == 0)
    }

    @Test("lets nobody else's statements in")
    func exclusive() async throws {
        let connection = try await makeTable()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<20 {
                group.addTask {
                    try await connection.transaction { transaction throws(PostgresError) in
                        let before: Int = try await transaction.query("SELECT count(*) FROM t")[0][0]
                        await Task.yield()
                        _ = try await transaction.query("INSERT INTO t VALUES ($1)", [.int(number)])
                        await Task.yield()
                        let after: Int = try await transaction.query("SELECT count(*) FROM t")[0][0]
                        #expect(after == before + 1)
                    }
                }
                group.addTask { _ = try await connection.query("SELECT 1") }
            }
            try await group.waitForAll()
        }
        #expect(try await count(connection) == 20)
    }

    @Test("that others stand in the way of says how it failed")
    func conflicts() async throws {
        let connection = try await makeTable()
        let other = try await database.connect()
        try await connection.run(script: "INSERT INTO t VALUES (1), (2)")
        let error = await #expect(throws: PostgresError.self) {
            try await connection.transaction(.repeatableRead) { transaction throws(PostgresError) in
                _ = try await transaction.query("SELECT * FROM t")
                _ = try await other.query("UPDATE t SET id = 10 WHERE id = 1")
                _ = try await transaction.query("UPDATE t SET id = 11 WHERE id = 1")
            }
        }
        #expect(error?.isSerializationFailure == true)
        #expect(error?.isConnectionLoss == false)
    }
}
