package import Cluster
import Glibc
import Synchronization
import Telemetry

/// Clusters for tests, gone with the test process.
package enum TestCluster {
    private static let count = Atomic<Int>(0)

    /// Starts a cluster of a test's own, for tests that stop or kill it; a durable one survives the machine, and costs time.
    package static func start(isDurable: Bool = false) async throws(ClusterError) -> Cluster {
        let number = count.wrappingAdd(1, ordering: .relaxed).newValue
        var settings = ClusterSettings(folder: "/tmp/braid-test-\(getpid())-\(number)")
        settings.isDurable = isDurable
        settings.isThrowAway = true
        settings.configuration = ["max_connections": "400", "shared_buffers": "64MB", "max_wal_size": "512MB"]
        let cluster = Cluster(settings, log: Logger(label: "test.cluster", level: .warning))
        try await cluster.start()
        return cluster
    }
}
