package import Postgres

/// The database of the test that runs.
package final class TestDatabase: Sendable {
    /// How to connect to it.
    package let connectionSettings: ConnectionSettings

    @TaskLocal static var scoped: TestDatabase?

    init(_ settings: ConnectionSettings) { connectionSettings = settings }

    /// The database of the test that runs.
    ///
    /// - Precondition: The test or its suite has the trait `.database`.
    package static var current: TestDatabase {
        guard let scoped else { preconditionFailure("the test has no .database trait") }
        return scoped
    }

    /// Opens a connection to it.
    package func connect() async throws(PostgresError) -> Connection {
        try await Connection.connect(to: connectionSettings)
    }

    /// Makes a pool of connections to it; connections that nobody closes end with the database.
    package func pool(limit: Int = 4) -> Pool { Pool(connectionSettings, limit: limit) }
}
