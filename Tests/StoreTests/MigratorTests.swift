import Postgres
import Store
import TestSupport
import Testing

@Suite("The migrator", .database(.empty))
struct MigratorTests {
    @Test("makes the schema once, and finds it made")
    func freshThenAgain() async throws {
        let connection = try await TestDatabase.current.connect()
        await #expect(throws: MigrationError.self) { try await Migrator().check(connection) }
        #expect(try await Migrator().migrate(connection) == Migration.all.map(\.name))
        #expect(try await Migrator().migrate(connection) == [])
        try await Migrator().check(connection)
        let rows = try await connection.query("SELECT number, name FROM braid.migrations ORDER BY number")
        #expect(try rows.map { try $0[1] as String } == Migration.all.map(\.name))
    }

    @Test("makes it once where two start together")
    func together() async throws {
        let applied = try await withThrowingTaskGroup(of: [String].self) { group in
            for _ in 0..<3 {
                let connection = try await TestDatabase.current.connect()
                group.addTask { try await Migrator().migrate(connection) }
            }
            var applied: [String] = []
            for try await names in group { applied += names }
            return applied
        }
        #expect(applied.sorted() == Migration.all.map(\.name))
    }

    @Test("refuses a schema that a newer version made")
    func newer() async throws {
        let connection = try await TestDatabase.current.connect()
        try await Migrator().migrate(connection)
        let known = Migration.all.count
        let refusal = await refusal(Migrator(migrations: Array(Migration.all.dropLast())), on: connection)
        guard case .newerSchema(let found, let number)? = refusal else {
            return #expect(Bool(false), "\(String(describing: refusal))")
        }
        #expect(found == known && number == known - 1)
    }

    @Test("refuses a schema in which a step was another")
    func changed() async throws {
        let connection = try await TestDatabase.current.connect()
        try await Migrator().migrate(connection)
        try await connection.run(script: "UPDATE braid.migrations SET checksum = 'x' WHERE number = 2")
        await #expect(throws: MigrationError.self) { try await Migrator().check(connection) }
        let refusal = await refusal(Migrator(), on: connection)
        guard case .changed(let name)? = refusal else { return #expect(Bool(false), "\(String(describing: refusal))") }
        #expect(name.hasPrefix("0002"))
        // The lock is free again.
        let rows = try await connection.query(
            """
            SELECT count(*)::int4 FROM pg_locks WHERE locktype = 'advisory'
                AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
            """
        )
        #expect(try #require(rows.first)[0] as Int == 0)
    }

    @Test("applies a step whole or not at all, and goes on from there")
    func failing() async throws {
        let connection = try await TestDatabase.current.connect()
        let bad = Migration(
            number: Migration.all.count + 1,
            name: "9999_bad.sql",
            sql: "CREATE TABLE braid.half (); SELECT 1 / 0;",
            checksum: "b"
        )
        let refusal = await refusal(Migrator(migrations: Migration.all + [bad]), on: connection)
        guard case .failed(let name, let error)? = refusal else {
            return #expect(Bool(false), "\(String(describing: refusal))")
        }
        #expect(name == bad.name && error.sqlState == "22012")
        let rows = try await connection.query("SELECT to_regclass('braid.half') IS NULL")
        #expect(try #require(rows.first)[0] as Bool)
        #expect(try await Migrator().migrate(connection) == [])
    }

    /// Why it did not migrate.
    private func refusal(_ migrator: Migrator, on connection: Connection) async -> MigrationError? {
        do {
            try await migrator.migrate(connection)
            return nil
        } catch {
            return error
        }
    }
}
