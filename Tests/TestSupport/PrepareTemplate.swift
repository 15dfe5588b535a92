import Postgres
import Store

/// Brings the template database to Braid's present schema.
@Sendable func prepareTemplate(_ settings: ConnectionSettings) async throws {
    let connection = try await Connection.connect(to: settings)
    try await Migrator().migrate(connection)
    await connection.close()
}
