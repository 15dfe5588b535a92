import Cluster
import Postgres
import Store
import TestSupport

/// A server of a test's own, for tests that change how it commits, with a migrated database.
struct OwnServer {
    let cluster: Cluster
    let settings: ConnectionSettings

    init() async throws {
        cluster = try await TestCluster.start()
        settings = await cluster.connectionSettings.with { $0.session = Store.session }
        let connection = try await Connection.connect(to: settings)
        try await Migrator().migrate(connection)
        await connection.close()
    }
}
