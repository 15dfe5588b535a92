import CEmbedded
import Crypto
package import Postgres

/// A step of the schema: a file of `Migrations/`, compiled into the binary.
package struct Migration: Sendable {
    package let number: Int
    package let name: String
    package let sql: String
    /// SHA-256 of the text, in hexadecimal.
    package let checksum: String

    package init(number: Int, name: String, sql: String, checksum: String) {
        self.number = number
        self.name = name
        self.sql = sql
        self.checksum = checksum
    }

    /// All, in order.
    package static let all: [Migration] = {
        let files = unsafe UnsafeBufferPointer(start: braid_migrations(), count: braid_migrations_count)
        return unsafe files.map { file in
            let name = unsafe String(cString: file.name)
            let bytes = unsafe UnsafeBufferPointer(start: file.bytes, count: file.count)
            return unsafe Migration(
                number: Int(name.prefix(4)) ?? 0,
                name: name,
                sql: String(decoding: bytes, as: UTF8.self),
                checksum: hash(bytes, with: .sha256).hexadecimal
            )
        }
    }()
}

/// Why a schema was not brought up to date.
package enum MigrationError: Error, CustomStringConvertible {
    /// The database was migrated by a newer version: its last migration, and the last one known here.
    case newerSchema(found: Int, known: Int)
    /// A migration that was applied is not the one known under its number.
    case changed(name: String)
    /// The schema is older, and whoever asked may not migrate.
    case olderSchema(found: Int, known: Int)
    case failed(name: String, PostgresError)
    case database(PostgresError)

    package var description: String {
        switch self {
        case .newerSchema(let found, let known):
            "the database's schema is at migration \(found), this version of Braid knows \(known): run a newer version"
        case .changed(let name):
            "migration \(name) was applied with another content: this database was made by another build of Braid"
        case .olderSchema(let found, let known):
            "the database's schema is at migration \(found), this version of Braid needs \(known): run 'braid migrate'"
        case .failed(let name, let error): "migration \(name) failed: \(error)"
        case .database(let error): "\(error)"
        }
    }
}

/// Brings the schema `braid` of a database up to date: forward only, each step once, under an advisory lock.
package struct Migrator: Sendable {
    private let migrations: [Migration]

    /// - Parameter migrations: In order; those compiled in unless a test says otherwise.
    package init(migrations: [Migration] = Migration.all) { self.migrations = migrations }

    /// Applies what is missing, each step in a transaction of its own.
    ///
    /// - Parameters:
    ///   - connection: Of a role that may create.
    ///   - progress: Told of each step before it is applied.
    /// - Throws: When the schema is not one that this version can bring up to date, or a step fails.
    /// - Returns: The names of the steps that were applied.
    @discardableResult
    package func migrate(
        _ connection: Connection,
        progress: (Migration) -> Void = { _ in }
    ) async throws(MigrationError) -> [String] {
        do {
            _ = try await connection.query("SELECT pg_advisory_lock($1)", [.int8(Self.lock)])
        } catch {
            throw .database(error)
        }
        do {
            let applied = try await apply(connection, progress)
            try await unlock(connection)
            return applied
        } catch {
            try? await unlock(connection)
            throw error
        }
    }

    /// Checks that the schema is the one that this version needs.
    package func check(_ connection: Connection) async throws(MigrationError) {
        let done = try await applied(connection)
        let missing = migrations.filter { done[$0.number] == nil }
        guard missing.isEmpty else {
            throw .olderSchema(found: done.keys.max() ?? 0, known: migrations.last?.number ?? 0)
        }
    }

    private static let lock: Int64 = 0x6272_6169_6400

    private func unlock(_ connection: Connection) async throws(MigrationError) {
        do {
            _ = try await connection.query("SELECT pg_advisory_unlock($1)", [.int8(Self.lock)])
        } catch {
            throw .database(error)
        }
    }

    private func apply(
        _ connection: Connection,
        _ progress: (Migration) -> Void
    ) async throws(MigrationError) -> [String] {
        do {
            try await connection.run(
                script: """
                    SET client_min_messages = warning;
                    CREATE SCHEMA IF NOT EXISTS braid;
                    CREATE TABLE IF NOT EXISTS braid.migrations (
                        number integer PRIMARY KEY, name text NOT NULL, checksum text NOT NULL,
                        applied_at timestamptz NOT NULL DEFAULT now()
                    );
                    """
            )
        } catch {
            throw .database(error)
        }
        let done = try await applied(connection)
        var names: [String] = []
        for migration in migrations where done[migration.number] == nil {
            progress(migration)
            do {
                try await connection.run(
                    script: """
                        BEGIN;
                        \(migration.sql)
                        INSERT INTO braid.migrations (number, name, checksum)
                        VALUES (\(migration.number), '\(migration.name)', '\(migration.checksum)');
                        COMMIT;
                        """
                )
            } catch {
                throw .failed(name: migration.name, error)
            }
            names.append(migration.name)
        }
        return names
    }

    /// The checksums of what was applied, by number; refuses what this version does not know.
    private func applied(_ connection: Connection) async throws(MigrationError) -> [Int: String] {
        var checksums: [Int: String] = [:]
        do {
            let exists = try await connection.query("SELECT to_regclass('braid.migrations') IS NOT NULL")
            for row in exists where try !(row[0] as Bool) { return [:] }
            for row in try await connection.query("SELECT number, checksum FROM braid.migrations") {
                checksums[try row[0]] = try row[1]
            }
        } catch {
            throw .database(error)
        }
        let known = Dictionary(uniqueKeysWithValues: migrations.map { ($0.number, $0) })
        if let newest = checksums.keys.max(), newest > migrations.last?.number ?? 0 {
            throw .newerSchema(found: newest, known: migrations.last?.number ?? 0)
        }
        for (number, checksum) in checksums {
            guard let migration = known[number] else { continue }
            guard migration.checksum == checksum else { throw .changed(name: migration.name) }
        }
        return checksums
    }
}
