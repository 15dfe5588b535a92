import Interpreter
package import Postgres
package import Store
import StatesLanguage
package import Telemetry

/// What a worker works with, the same for each of its incarnations.
package struct WorkerParts: Sendable {
    package var store: Store
    /// For the worker's own connections: leasing, and its session.
    package var connection: ConnectionSettings
    package var settings: EngineSettings
    package var driver: TaskDriver
    package var clock: DatabaseClock
    package var queue: CommitQueue
    package var notifier: Notifier
    /// Told of lanes that have work, for others in this process.
    package var woken: @Sendable (Set<String>) -> Void
    package var definitions: DefinitionReader
    /// What sees to nested executions.
    package var nested: NestedErrands
    package var mapRuns: MapRuns
    package var logger: Logger

    package init(
        store: Store,
        connection: ConnectionSettings,
        settings: EngineSettings,
        driver: TaskDriver,
        clock: DatabaseClock,
        queue: CommitQueue,
        notifier: Notifier,
        woken: @escaping @Sendable (Set<String>) -> Void,
        definitions: DefinitionReader,
        nested: NestedErrands,
        mapRuns: MapRuns,
        logger: Logger
    ) {
        self.store = store
        self.connection = connection
        self.settings = settings
        self.driver = driver
        self.clock = clock
        self.queue = queue
        self.notifier = notifier
        self.woken = woken
        self.definitions = definitions
        self.nested = nested
        self.mapRuns = mapRuns
        self.logger = logger
    }

    /// Reads branches that a commit gave; tries for as long as they can still be held.
    func read(_ leases: [(key: BranchKey, lease: Lease)], of worker: WorkerID) async -> [LeasedBranch]? {
        await logger.trying("branches that were given are not read") { () throws(StoreError) in
            try await store.leased(leases, to: worker, outputLimit: settings.limits.maxPayloadBytes)
        }
    }

    /// Gives back leases that nobody here can do anything with; what is not given back now is found again.
    func handBack(_ leases: [(key: BranchKey, lease: Lease)], for delay: Duration) async {
        do {
            let lanes = try await store.releaseLeases(leases, for: delay)
            // What was read as held may have been let go since.
            guard !lanes.isEmpty else { return }
            if delay == .zero { notifier.wake(lanes) }
            logger.warning("leases that nothing was done with were handed back", [("leases", leases.count)])
        } catch {
            logger.warning("leases were not handed back", [("reason", "\(error)")])
        }
    }

    /// Whether there is an activity of this ARN, here.
    func hasActivity(_ text: String) async -> Bool {
        guard let arn = try? ActivityARN(parsing: text), settings.arns.own(arn.scope) else { return false }
        return await logger.trying("an activity is not looked for") { () throws(StoreError) in
            try await store.hasActivity(named: arn.name)
        } ?? false
    }

    /// Forgets that an attempt waited for an execution; what is not forgotten now is found again.
    func forgetNested(_ key: BranchKey, token: String) async {
        do { try await store.forgetNested(key, token: token) } catch {
            logger.debug("a nested execution is left to the scheduler", [("reason", "\(error)")])
        }
    }

    func log(_ note: WorkerNote) {
        switch note {
        case .unserved(let lane, _, let place):
            let isFunction = Resource(parsing: lane)?.hasDriver ?? true
            logger.warning(
                isFunction
                    ? "nothing serves this resource, so its task fails: start a worker that does; a functions file is read at the start"
                    : "nothing in Braid performs this integration, so its task fails",
                [("execution", place.execution), ("state", place.state), ("resource", lane)]
            )
        case .refused(let key, let place, let reason):
            logger.error(
                "the database refused a transition",
                [("execution", place.execution), ("state", place.state), ("branch", key.branch), ("reason", reason)]
            )
        case .lost(let key, let place):
            logger.debug(
                "the lease of a branch is gone",
                [("execution", place.execution), ("state", place.state), ("branch", key.branch)]
            )
        case .failed(let place, let error):
            logger.info(
                "an execution failed",
                [("execution", place.execution), ("state", place.state), ("error", error ?? "")]
            )
        }
    }
}
