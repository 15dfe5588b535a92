import Postgres
import TestSupport
import Testing

@Suite("A connection", .database(.empty))
struct ConnectionTests {
    let database = TestDatabase.current

    @Test("makes its session's settings")
    func settings() async throws {
        let connection = try await Connection.connect(
            to: database.connectionSettings.with {
                $0.applicationName = "braid-test"
                $0.session = ["plan_cache_mode": "force_generic_plan", "lock_timeout": "7s"]
            }
        )
        #expect(try await connection.query("SHOW plan_cache_mode")[0][0] == "force_generic_plan")
        #expect(try await connection.query("SHOW lock_timeout")[0][0] == "7s")
        #expect(try await connection.query("SHOW application_name")[0][0] == "braid-test")
    }

    @Test("prepares a statement once, and needs one round trip even then")
    func prepared() async throws {
        let connection = try await database.connect()
        let trips = connection.roundTrips
        for number in 1...3 {
            #expect(try await connection.query("SELECT $1::int8 + 1", [.int(number)])[0][0] == number + 1)
        }
        #expect(connection.roundTrips == trips + 3)
        let known = try await connection.query(
            "SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE '%+ 1'"
        )
        #expect(try known[0][0] == 1)
    }

    @Test("takes NULL and values for the same parameter")
    func nullFirst() async throws {
        let connection = try await database.connect()
        #expect(try await connection.query("SELECT $1::int4", [.null])[0][0] == Int?.none)
        #expect(try await connection.query("SELECT $1::int4", [.int8(5)])[0][0] == 5)
        #expect(try await connection.query("SELECT $1::int4", [.null])[0][0] == Int?.none)
        #expect(try await connection.query("SELECT $1::int4", [.text("6")])[0][0] == 6)
    }

    @Test("performs many statements in one round trip and one transaction")
    func pipeline() async throws {
        let connection = try await database.connect()
        try await connection.run(script: "CREATE TABLE t (id int8 PRIMARY KEY); CREATE TABLE u (id int8)")
        let trips = connection.roundTrips
        let results = try await connection.pipeline([
            Statement("INSERT INTO t SELECT unnest($1::int8[])", [.intArray([1, 2, 3])]),
            Statement("UPDATE t SET id = id + 10 WHERE id > $1", [.int(1)]),
            Statement("SELECT id FROM t ORDER BY id"),
        ])
        #expect(connection.roundTrips == trips + 1)
        #expect(results.map(\.affected) == [3, 2, 3])
        #expect(try results[2].map { row -> Int in try row["id"] } == [1, 12, 13])
    }

    @Test("does not stand still when both sides of a pipeline have much to say")
    func largePipeline() async throws {
        let connection = try await database.connect()
        let text = String(repeating: "x", count: 100_000)
        let results = try await connection.pipeline(
            (0..<300).map { Statement("SELECT $1 || $2::text", [.text(text), .int($0)]) }
        )
        #expect(try results.last?.first?[0] == text + "299")
    }

    @Test("says which statement of a pipeline failed, undoes those before it, and can be used on")
    func pipelineFails() async throws {
        let connection = try await database.connect()
        try await connection.run(script: "CREATE TABLE t (id int8 PRIMARY KEY)")
        let insert = "INSERT INTO t VALUES ($1)"
        let error = await #expect(throws: PostgresError.self) {
            try await connection.pipeline([
                Statement(insert, [.int(1)]), Statement(insert, [.int(1)]), Statement("SELECT new_statement()"),
            ])
        }
        #expect(error?.isUniqueViolation == true)
        #expect(error?.constraint == "t_pkey")
        #expect(error?.server?.statementIndex == 1)
        #expect(error?.server?.statement == insert)
        #expect(error?.description.contains("=(1)") == false)
        #expect(try await connection.query("SELECT count(*) FROM t")[0][0] == 0)
    }

    @Test("rolls back a transaction that a failed pipeline leaves open")
    func explicitTransaction() async throws {
        let connection = try await database.connect()
        await #expect(throws: PostgresError.self) {
            try await connection.pipeline([Statement("BEGIN"), Statement("SELECT 1 / 0"), Statement("COMMIT")])
        }
        #expect(await !connection.isInTransaction)
        #expect(await connection.isOpen)
    }

    @Test("forgets a statement that could not be prepared")
    func syntaxError() async throws {
        let connection = try await database.connect()
        for _ in 1...2 {
            let error = await #expect(throws: PostgresError.self) { try await connection.query("SELECT FROM WHERE") }
            #expect(error?.sqlState == "42601")
            #expect(error?.server?.position == 13)
        }
        try await connection.run(script: "CREATE TABLE t (id int8)")
        #expect(try await connection.query("SELECT * FROM t").columns == ["id"])
        try await connection.run(script: "ALTER TABLE t ADD word text")
        await #expect(throws: PostgresError.self) { try await connection.query("SELECT * FROM t") }
        #expect(try await connection.query("SELECT * FROM t").columns == ["id", "word"])
    }

    @Test("does not tell values in what it says of data exceptions")
    func noValues() async throws {
        let connection = try await database.connect()
        let error = await #expect(throws: PostgresError.self) {
            try await connection.query("SELECT $1::int8", [.text("secret")])
        }
        #expect(error?.sqlState == "22P02")
        #expect(error?.description.contains("secret") == false)
    }

    @Test("stays lost once it was lost, and says so")
    func lost() async throws {
        let connection = try await database.connect()
        let other = try await database.connect()
        let process = await connection.processID
        _ = try await other.query("SELECT pg_terminate_backend($1::int4)", [.int4(process)])
        let error = await #expect(throws: PostgresError.self) { try await connection.query("SELECT 1") }
        #expect(error?.isConnectionLoss == true)
        #expect(await !connection.isOpen)
        let again = await #expect(throws: PostgresError.self) { try await connection.query("SELECT 1") }
        #expect(again?.isConnectionLoss == true)
    }

    @Test("that cannot be made says why, without a password")
    func refused() async throws {
        let settings = ConnectionSettings("host=/nowhere user=me password=secret dbname=x")
        let error = await #expect(throws: PostgresError.self) { try await Connection.connect(to: settings) }
        #expect(error?.isConnectionLoss == true)
        #expect(error?.description.contains("/nowhere") == true)
        #expect(settings.description == "user=me dbname=x host=/nowhere" || !settings.description.contains("secret"))
    }

    @Test("has the server cancel what it does when the task is cancelled")
    func cancelled() async throws {
        let connection = try await database.connect()
        let other = try await database.connect()
        let task = Task { try await connection.query("SELECT pg_sleep(60)") }
        let process = await Task { () -> Int32 in 0 }.value
        #expect(process == 0)
        while try await other.query("SELECT 1 FROM pg_stat_activity WHERE query LIKE 'SELECT pg_sleep%'").isEmpty {
            await Task.yield()
        }
        task.cancel()
        let error = await #expect(throws: PostgresError.self) { try await task.value }
        #expect(error?.isCancellation == true)
        #expect(try await connection.query("SELECT 1::int8")[0][0] == 1)
    }
}
