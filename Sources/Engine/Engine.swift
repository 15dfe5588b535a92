import Interpreter
import Lifecycle
package import Postgres
import StatesLanguage
package import Store
import Synchronization
package import Telemetry

/// The engine of one process: what the service asks to start and stop executions, and the worker, if it has one.
///
/// As a part it runs the commit queue, the notifications and the worker, started in that order and stopped in reverse.
package final class Engine: Runnable {
    package let store: Store
    package let settings: EngineSettings
    package let clock: DatabaseClock
    package let queue: CommitQueue
    /// `nil` in a process that only serves.
    package let worker: Worker?
    /// What performs Tasks here; `nil` in a process that only serves.
    let driver: TaskDriver?
    /// Those who poll for activities' tasks.
    package let polls: ActivityPolls
    let definitions: DefinitionReader
    let mapRuns: MapRuns
    /// Those who look on, here and elsewhere.
    package let onlookers: Onlookers
    /// What runs asynchronous executions of Express machines; `nil` in a process that only serves.
    let express: ExpressRuns?
    /// What counts what is committed.
    let measures: CommitMeasures
    /// What tells of executions in spans; `nil` where nobody is sent any.
    let traces: TraceFeed?
    /// Where events of executions go that a logging configuration asks for.
    let executionLogger: Logger
    private let expressInterpreters = KnownInterpreters()
    let notifier: Notifier
    private let notifications: Notifications
    let logger: Logger
    private let group: PartGroup

    /// Makes an engine on a database; its session settings are the engine's own.
    ///
    /// Without a driver, which performs Tasks here, the process only serves. The clock is set to the database's time.
    /// What it does is counted in `metrics`, and told in spans by `traces`, which somebody else runs.
    package init(
        store: Store,
        connection: ConnectionSettings,
        settings: EngineSettings,
        driver: TaskDriver?,
        clock: DatabaseClock,
        metrics: Metrics = Metrics(),
        traces: TraceFeed? = nil,
        logger: Logger
    ) {
        self.traces = traces
        let measures = CommitMeasures(metrics)
        self.measures = measures
        var settings = settings
        settings.isTraced = traces != nil
        let driver = driver?.measured(by: metrics)
        self.store = store
        self.settings = settings
        self.clock = clock
        self.logger = logger
        executionLogger = logger.child("execution")
        self.driver = driver
        let connection = connection.with { $0.session.merge(Store.session) { own, _ in own } }
        let notifier = Notifier(store: store, logger: logger)
        self.notifier = notifier
        let onlookers = Onlookers(store: store, logger: logger)
        self.onlookers = onlookers
        queue = CommitQueue(
            store: store,
            connection: connection,
            settings: settings,
            clock: clock,
            woken: { notifier.wake($0) },
            measures: measures,
            traces: traces,
            onlookers: onlookers,
            logger: logger
        )
        notifications = Notifications(connection, channels: Store.Channel.allCases.map(\.rawValue), log: logger)
        let readers = DefinitionReader(store: store, limits: settings.limits, logger: logger)
        definitions = readers
        polls = ActivityPolls(
            store: store,
            settings: settings,
            queue: queue,
            clock: clock,
            logger: logger,
            interpreter: { await readers.interpreter(of: $0) }
        )
        let nested = NestedErrands()
        let mapRuns = MapRuns(
            store: store,
            settings: settings,
            clock: clock,
            driver: driver,
            notifier: notifier,
            logger: logger
        )
        self.mapRuns = mapRuns
        worker = driver.map { [queue, polls] driver in
            Worker(
                parts: WorkerParts(
                    store: store,
                    connection: connection,
                    settings: settings,
                    driver: driver,
                    clock: clock,
                    queue: queue,
                    notifier: notifier,
                    woken: { polls.wake($0) },
                    definitions: readers,
                    nested: nested,
                    mapRuns: mapRuns,
                    logger: logger
                )
            )
        }
        express = worker.map { worker in
            ExpressRuns(
                store: store,
                capacity: settings.capacity,
                interval: settings.pollInterval,
                worker: { worker.id },
                logger: logger
            )
        }
        let listener = Listener(
            worker: worker,
            express: express,
            polls: polls,
            mapRuns: mapRuns,
            onlookers: onlookers,
            notifications: notifications
        )
        var parts = [
            Part("commits", queue), Part("notifier", notifier), Part("onlookers", onlookers),
            Part("notifications", notifications), Part("polls", polls), Part("listener", listener),
        ]
        if let worker {
            parts.append(Part("worker", worker, ready: { try await worker.ready() }))
            if let express { parts.append(Part("express", express)) }
        } else {
            parts.append(Part("clock", ClockWatch(store: store, clock: clock, logger: logger)))
        }
        // Shorter than a process's: what the worker holds is handed back while the rest still runs.
        group = PartGroup(parts, grace: .seconds(20), log: logger)
        express?.connect { [weak self] row in await self?.runKept(row) ?? false }
        mapRuns.connect(
            stop: { [weak self] child in
                guard let self else { return }
                _ = try? await stopExecution(child, error: nil, cause: nil, isIteration: true)
            },
            wake: { [weak self] lanes in self?.wake(lanes) }
        )
        nested.connect { [weak self] scope in
            guard let self else { return }
            do { try await settleNested(scope) } catch {
                logger.warning("nested executions are left to the scheduler", [("reason", "\(error)")])
            }
        }
    }

    package func run() async throws { try await group.run() }

    package func stop() async { group.stop() }

    /// Returns once everything runs.
    package func ready() async throws { try await group.ready() }

    /// Starts an execution: durable when it returns.
    ///
    /// In a process that works, the execution is begun up to its first durable point by the same commit, and goes on here.
    package func startExecution(_ request: StartRequest) async throws(StoreError) -> StartOutcome {
        let interpreter = try interpreter(of: request.machine)
        let time = clock.now
        var generator = SystemRandomNumberGenerator()
        var new = NewExecution(
            id: ExecutionID(at: time.microseconds / 1_000, using: &generator),
            startedAt: time,
            machine: request.machine.id,
            machineName: request.machine.name,
            revision: request.machine.revisionID,
            roleARN: request.machine.roleARN,
            name: request.name,
            input: request.input,
            traceHeader: request.traceHeader,
            version: request.version,
            alias: request.alias
        )
        new.startedBy = request.startedBy
        new.link = request.link
        new.doubles = request.doubles
        let result: SubmissionResult
        if let given = await worker?.start(new, interpreter) {
            result = given
        } else {
            result = await queue.submit(.start(leaving(new, interpreter, at: time)))
        }
        switch result {
        case .answer(.started(let committed)):
            if worker == nil { notifier.wake(committed.wokenLanes) }
            return .started(new.id, at: time)
        case .answer(.nameTaken(let other)):
            if let attempt = request.startedBy, other.startedBy == attempt {
                return .sameRunning(other.id, startedAt: other.startedAt)
            }
            guard other.isRunning, other.input == request.input else { return .nameTaken(other.id) }
            if let link = request.link { try await store.linkNested(link, to: other.id) }
            return .sameRunning(other.id, startedAt: other.startedAt)
        case .answer: throw .unexpected("a start was answered as something else")
        case .refused(let reason): throw .refused(state: "", message: reason)
        case .unknown(let reason): throw .unavailable(reason)
        }
    }

    /// Counts an execution that was refused since too many ran.
    package func countThrottled() { measures.countThrottled() }

    /// Stops an execution: all that it does is ended when this returns.
    package func stopExecution(
        _ id: ExecutionID,
        error: String?,
        cause: String?,
        isIteration: Bool = false
    ) async throws(StoreError) -> StopOutcome {
        var stop = StopSubmission(execution: id, failure: Failure(error: error, cause: cause), at: clock.now)
        stop.isIteration = isIteration
        switch await queue.submit(.stop(stop)) {
        case .answer(.stopped(let time, let revoked)):
            tell(revoked)
            await ended(id)
            return .stopped(at: time)
        case .answer:
            guard let time = try await store.stopTime(of: id) else { return .notFound }
            return .alreadyStopped(at: time)
        case .refused(let reason): throw .refused(state: "", message: reason)
        case .unknown(let reason): throw .unavailable(reason)
        }
    }

    /// Says that a map run was changed from outside, to whoever sees to it.
    package func changed(_ run: MapRunID) { mapRuns.step(run, tellingOthers: true) }

    /// Ends executions whose time is up, as many as there are; the scheduler's work.
    package func endOverdueExecutions() async throws(StoreError) -> Int {
        var ended = 0
        while true {
            let overdue = try await store.overdueExecutions(limit: 100)
            let before = ended
            // All at once: the queue commits them together.
            await withTaskGroup { group in
                for id in overdue { group.addTask { await self.timeOut(id) } }
                for await hasEnded in group where hasEnded { ended += 1 }
            }
            guard overdue.count == 100, ended > before else { return ended }
        }
    }

    private func timeOut(_ id: ExecutionID) async -> Bool {
        let failure = Failure(error: ErrorName.timeout, cause: nil)
        let stop = StopSubmission(execution: id, failure: failure, isTimeout: true, at: clock.now)
        guard case .answer(.stopped(_, let revoked)) = await queue.submit(.stop(stop)) else { return false }
        tell(revoked)
        await ended(id)
        return true
    }

    /// Keeps what came from outside for the attempt that has this token: the first that comes wins.
    ///
    /// - Returns: `false` if no attempt has that token any more, or it was answered already.
    package func complete(
        _ token: TaskToken,
        with happening: RecordedHappening
    ) async throws(StoreError) -> Bool {
        let callback = CallbackSubmission(key: token.key, token: token.text, happening: happening, at: clock.now)
        switch await queue.submit(.callback(callback)) {
        case .answer(.reached):
            wake([""])
            return true
        case .answer: return false
        case .refused(let reason): throw .refused(state: "", message: reason)
        case .unknown(let reason): throw .unavailable(reason)
        }
    }

    /// Says that these lanes have work.
    package func wake(_ lanes: Set<String>) {
        worker?.wake(lanes)
        notifier.wake(lanes)
        polls.wake(lanes)
    }

    private func tell(_ revoked: [(key: BranchKey, lease: Lease)]) {
        guard !revoked.isEmpty else { return }
        worker?.revoked(revoked)
        notifier.revoke(revoked)
    }

    /// A start that is left to whoever works.
    private func leaving(_ new: NewExecution, _ interpreter: Interpreter, at time: Timestamp) -> StartSubmission {
        let name = new.name ?? new.id.description
        let info = ExecutionInfo(
            id: settings.arns.execution(name, of: new.machineName).description,
            name: name,
            input: new.input,
            roleARN: new.roleARN,
            startTime: time,
            redriveCount: 0,
            stateMachineID: settings.arns.stateMachine(new.machineName).description,
            stateMachineName: new.machineName
        )
        let transition = interpreter.started(new.qualify(info, by: settings.arns))
        var lane = ""
        if case .task(let task)? = interpreter.definition.state(named: transition.branch.state)?.body,
            new.doubles?.cover(transition.branch.state) != true
        {
            lane = task.resource.laneToBegin
        }
        var start = StartSubmission(
            id: new.id,
            machine: new.machine,
            revision: new.revision,
            name: new.name,
            input: new.input,
            traceHeader: new.traceHeader,
            deadline: interpreter.definition.timeoutSeconds.map { time + .seconds($0) },
            at: time,
            transition: transition,
            lane: lane
        )
        start.version = new.version
        start.alias = new.alias
        start.startedBy = new.startedBy
        start.link = new.link
        start.doubles = new.doubles
        return start
    }

    func interpreter(of machine: StateMachineRecord) throws(StoreError) -> Interpreter {
        let known = machine.type == .express ? expressInterpreters : definitions.known
        if let interpreter = known[machine.revisionID] { return interpreter }
        do {
            let definition = try StateMachineDefinition(parsing: machine.definition, type: machine.type)
            let interpreter = Interpreter(definition: definition, limits: settings.limits)
            known[machine.revisionID] = interpreter
            return interpreter
        } catch {
            throw .unexpected("the definition of revision \(machine.revisionID.rawValue): \(error)")
        }
    }
}
