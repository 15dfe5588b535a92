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
    package var logger: Logger

    package init(
        store: Store,
        connection: ConnectionSettings,
        settings: EngineSettings,
        driver: TaskDriver,
        clock: DatabaseClock,
        queue: CommitQueue,
        notifier: Notifier,
        logger: Logger
    ) {
        self.store = store
        self.connection = connection
        self.settings = settings
        self.driver = driver
        self.clock = clock
        self.queue = queue
        self.notifier = notifier
        self.logger = logger
    }

    /// Reads branches that a commit gave; tries for as long as they can still be held.
    func read(_ leases: [(key: BranchKey, lease: Lease)], of worker: WorkerID) async -> [LeasedBranch]? {
        await trying("branches that were given are not read") { () throws(StoreError) in
            try await store.leased(leases, to: worker, outputLimit: settings.limits.maxPayloadBytes)
        }
    }

    /// Reads and compiles a definition; `nil` where this version cannot run it.
    func interpreter(of revision: RevisionID) async -> Interpreter? {
        let text = await trying("a definition is not read") { () throws(StoreError) in
            try await store.definition(of: revision)
        }
        guard let text = text ?? nil else {
            logger.error("a revision has no definition", [("revision", revision.rawValue)])
            return nil
        }
        do {
            return Interpreter(definition: try StateMachineDefinition(parsing: text), limits: settings.limits)
        } catch {
            logger.error("a definition cannot be run", [("revision", revision.rawValue), ("reason", "\(error)")])
            return nil
        }
    }

    private func trying<T>(_ what: String, _ body: () async throws(StoreError) -> T) async -> T? {
        for attempt in 0..<60 {
            do {
                return try await body()
            } catch {
                logger.warning("\(what)", [("reason", "\(error)")])
                if Task.isCancelled { return nil }
                try? await Task.sleep(for: .milliseconds(min(1_000, 20 << min(attempt, 6))))
            }
        }
        return nil
    }

    func log(_ note: WorkerNote) {
        switch note {
        case .unserved(let lane, let execution, let state):
            logger.warning(
                "nothing serves this resource, so its task fails: add it to the functions file, or start a worker that has it",
                [("resource", lane), ("execution", execution), ("state", state)]
            )
        case .refused(let key, let reason):
            logger.error("the database refused a transition", [("branch", key), ("reason", reason)])
        case .lost(let key): logger.debug("the lease of a branch is gone", [("branch", key)])
        }
    }
}
