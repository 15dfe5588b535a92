import Postgres
import TestSupport
import Testing

@Suite("A test with a database", .database)
struct DatabaseTraitTests {
    let database = TestDatabase.current

    @Test("finds Braid's schema in it, and nobody else's rows", arguments: 1...3)
    func ownDatabase(number: Int) async throws {
        let connection = try await database.connect()
        let known = try await connection.query("SELECT to_regclass('braid.executions') IS NOT NULL")
        #expect(try known[0][0] == true)
        try await connection.run(script: "CREATE TABLE mine (number int8)")
    }
}
