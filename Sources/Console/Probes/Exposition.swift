package import Store
package import Telemetry

/// The text for Prometheus: what this process counted, and what the database holds, which is read at each scrape.
package struct Exposition: Sendable {
    /// How far branches of a lane are counted.
    private static let bound = 100_000
    private let metrics: Metrics
    private let store: Store
    private let feed: LiveFeed?

    package init(_ metrics: Metrics, store: Store, feed: LiveFeed? = nil) {
        self.metrics = metrics
        self.store = store
        self.feed = feed
    }

    package func text() async -> String {
        let fresh = Metrics()
        let isUp = fresh.gauge("braid_database_up", help: "Whether the database answered this scrape")
        do {
            try await read(into: fresh)
            isUp.set(1)
        } catch {
            isUp.set(0)
        }
        if let feed {
            fresh.gauge("braid_console_pages", help: "Pages that follow what happens").set(Double(feed.pageCount))
            fresh.gauge("braid_console_queries", help: "How often the database was asked for them").set(
                Double(feed.queryCount)
            )
        }
        return metrics.render() + fresh.render()
    }

    private func read(into fresh: Metrics) async throws(StoreError) {
        let workers = try await store.listLiveWorkers(limit: 10_000)
        fresh.gauge("braid_workers", help: "Workers alive").set(Double(workers.count))
        let database = try await store.describeDatabase()
        fresh.gauge("braid_database_bytes", help: "The size of the database").set(Double(database.byteCount))
        var depths = try await store.countBranches(upTo: Self.bound)
        // So that whoever looks for these figures finds them where nothing waits.
        if !depths.contains(where: { $0.lane.isEmpty }) { depths.append(LaneDepth(lane: "")) }
        for depth in depths {
            let lane = [("lane", depth.lane)]
            func gauge(_ name: String, _ help: String, _ value: Double) {
                fresh.gauge("braid_branches_\(name)", help: help, labels: lane).set(value)
            }
            gauge("ready", "Branches that a worker could take now, counted to \(Self.bound)", Double(depth.ready))
            gauge("leased", "Branches that workers hold, counted to \(Self.bound)", Double(depth.leased))
            gauge("sleeping", "Branches that wait for a time, counted to \(Self.bound)", Double(depth.sleeping))
            gauge(
                "oldest_ready_seconds",
                "For how long the oldest ready branch has been ready",
                depth.oldestReadySeconds
            )
        }
    }
}
