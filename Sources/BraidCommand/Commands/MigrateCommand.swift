import JSON
import Postgres
import Store

/// `braid migrate`: brings a database's schema up to date.
enum MigrateCommand {
    static let syntax = CommandSyntax(
        "migrate",
        "Brings a database's schema up to date",
        options: [
            .database, .dataDirectory, .rowBytes,
            .init("check", "changes nothing; ends with 1 if the schema is not up to date"),
            .json,
        ],
        notes: """
            Without --database it is the embedded one of --data-dir, which must be running. 'braid dev' migrates by itself;
            'serve', 'worker' and 'scheduler' do not, and say so where it is needed.
            """
    )

    static func run(_ invocation: Invocation) async throws -> ExitStatus {
        let settings = try Database.running(invocation)
        let rowBytes = try invocation.number("row-bytes", in: RowPayloads.bounds)
        let connection: Connection
        do {
            connection = try await Connection.connect(to: settings)
        } catch {
            throw CommandFailure(.unavailable, "the database (\(settings)) cannot be reached: \(error)")
        }
        do {
            if invocation.has("check") {
                try await Migrator().check(connection)
                invocation.output.line("the schema is up to date")
            } else {
                let applied = try await Migrator().migrate(connection) { migration in
                    let all = Migration.all.count
                    invocation.progress?.show(
                        ProgressBar("migrating", migration.number - 1, of: all, note: migration.name)
                    )
                }
                if let rowBytes { try await RowPayloads.keep(upTo: rowBytes, on: connection) }
                report(applied, invocation)
            }
        } catch MigrationError.olderSchema(let found, let known) where invocation.has("check") {
            await connection.close()
            throw CommandFailure(.failure, "\(MigrationError.olderSchema(found: found, known: known))")
        } catch {
            await connection.close()
            throw CommandFailure(.unavailable, "the database (\(settings)) cannot be migrated: \(error)")
        }
        await connection.close()
        return .success
    }

    private static func report(_ applied: [String], _ invocation: Invocation) {
        if invocation.wantsJSON { return invocation.answer(["applied": .array(applied.map { .string($0) })]) }
        for name in applied { invocation.output.line("applied \(name)") }
        if applied.isEmpty { invocation.output.line("the schema is up to date") }
    }
}
