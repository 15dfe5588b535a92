import Interpreter
import JSON
import Lifecycle
import StatesLanguage
package import Store
import Synchronization
package import Telemetry

/// Sees to the map runs whose branches this process's worker holds.
///
/// A run's branch is leased as any other; who holds it reads the items, begins children and gathers what came of them. All
/// of that stands in the database, and every step of it is fenced by the branch's lease: when the worker dies another one
/// leases the branch and goes on where the run's cursor stands.
package final class MapRuns: Sendable {
    struct State {
        var alarms: [MapRunID: Alarm] = [:]
        /// Those that were let go of while they wait for their children.
        var resting = RestingRuns()
        var stop: (@Sendable (ExecutionID) async -> Void)?
        var wake: (@Sendable (Set<String>) -> Void)?
    }

    let store: Store
    let settings: EngineSettings
    let clock: DatabaseClock
    /// What performs the Tasks of children that run in memory.
    let driver: TaskDriver?
    private let notifier: Notifier
    let logger: Logger
    let state = Mutex(State())

    package init(
        store: Store,
        settings: EngineSettings,
        clock: DatabaseClock,
        driver: TaskDriver?,
        notifier: Notifier,
        logger: Logger
    ) {
        self.store = store
        self.settings = settings
        self.clock = clock
        self.driver = driver
        self.notifier = notifier
        self.logger = logger
    }

    /// Says what stops an execution, and what tells that lanes have work: the engine, of which this is a part.
    func connect(
        stop: @escaping @Sendable (ExecutionID) async -> Void,
        wake: @escaping @Sendable (Set<String>) -> Void
    ) {
        state.withLock { state in
            state.stop = stop
            state.wake = wake
        }
    }

    /// Says that lanes have work.
    func wake(_ lanes: Set<String>) { state.withLock { $0.wake }?(lanes) }

    /// A child of a run has ended: whoever sees to the run may begin the next.
    func step(_ run: MapRunID, tellingOthers: Bool) {
        if let alarm = state.withLock({ $0.alarms[run] }) { return alarm.ring() }
        if let key = state.withLock({ $0.resting.call(run) }) {
            Task {
                // Since it was let go of here another worker may have taken it up.
                if await !takeUp(key), tellingOthers { tellOthers(of: run) }
            }
        } else if tellingOthers {
            tellOthers(of: run)
        }
    }

    private func tellOthers(of run: MapRunID) { notifier.wake([Self.prefix + "\(run)"]) }

    private static let prefix = "map-run:"

    /// A worker that has seen to a run for so long has not died of it: those that died before are forgotten.
    private static let longLife = Duration.seconds(60)

    /// The run of which a notification tells that a child has ended.
    static func run(told payload: String) -> MapRunID? {
        payload.hasPrefix(prefix) ? MapRunID(String(payload.dropFirst(prefix.count))) : nil
    }

    /// Sees to a run until it is over, or not to be gone on with here.
    func see(to work: MapRunWork, by incarnation: Incarnation) async -> WorkerEvent {
        let attempt = work.attempt
        guard let id = MapRunID(work.request.id), let map = work.map else {
            return .mapped(attempt, .broken(cause: "There is no Map state '\(work.request.state)'."))
        }
        let alarm = Alarm()
        state.withLock { state in
            state.alarms[id] = alarm
            state.resting.end(id)
        }
        var run = MapRun(id, work, map, in: self, by: incarnation, alarm: alarm)
        let forgiving = Timers.shared.set(after: Self.longLife) { [store, logger, holder = run.holder] in
            Task {
                await logger.trying("a map run's dead workers are not forgotten") { () throws(StoreError) in
                    try await store.forgiveLapses(of: holder)
                }
            }
        }
        let course = await run.run()
        Timers.shared.cancel(forgiving)
        state.withLock { state in
            // By now the branch may be held here again.
            guard state.alarms[id] === alarm else { return }
            state.alarms[id] = nil
            if case .rests = course { state.resting.begin(id, attempt.key, isCalled: alarm.isRinging) }
        }
        return switch course {
        case .over(let happening): .mapped(attempt, happening)
        case .left: .left(attempt)
        case .rests(let time): .rested(attempt, id, for: time)
        }
    }

    /// Stops executions, all at once: they are committed together.
    func stop(_ executions: [ExecutionID]) async {
        guard let stop = state.withLock({ $0.stop }) else { return }
        await withDiscardingTaskGroup { group in
            for execution in executions { group.addTask { await stop(execution) } }
        }
    }

    /// Stops the children of a run that still run.
    func stopChildren(of run: MapRunID) async throws(StoreError) {
        while !Task.isCancelled {
            let running = try await store.runningChildren(of: run, limit: 500)
            guard !running.isEmpty else { return }
            await stop(running)
        }
    }

    /// Stops what still runs of map runs that have ended: of an execution's, or of all.
    func settle(of execution: ExecutionID?) async throws(StoreError) {
        while true {
            let runs = try await store.mapRunsWithChildrenLeft(of: execution, limit: 100)
            for run in runs {
                try await stopChildren(of: run)
                try await store.settleMapRun(run)
            }
            guard runs.count == 100 else { return }
        }
    }
}
