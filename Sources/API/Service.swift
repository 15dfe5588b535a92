package import Engine
import Interpreter
import JSON
package import Store
package import Telemetry

/// What operations work with: the store, the engine's two doors, and the names under which clients know resources.
package struct Service: Sendable {
    let store: Store
    let arns: ARNs
    let start: @Sendable (StartRequest) async throws(StoreError) -> StartOutcome
    let stop: @Sendable (ExecutionID, _ error: String?, _ cause: String?) async throws(StoreError) -> StopOutcome
    /// Runs an Express execution to its end.
    let express: @Sendable (StartRequest) async throws(StoreError) -> ExpressExecution
    let trial: Trial
    let log: Logger
    /// Finds a test case of a state machine; `nil` where no mock configuration was given.
    var mocks: Mocks?
    /// What tasks that await something are brought by; only in a process that has one.
    let engine: Engine?
    /// Room for synchronous Express executions, each of which lives in this process's memory until it ends.
    var synchronousRuns = RunningCount(most: 5_000)
    let revisions = RevisionCache()
    let heads: JoinedLookups<StateMachineHead>
    /// Activities that there are, by their names.
    let activities: JoinedLookups<Void>

    /// - Parameters:
    ///   - store: What is read, and where state machines are kept.
    ///   - arns: Region and account.
    ///   - start: The engine's `startExecution`.
    ///   - stop: The engine's `stopExecution`.
    ///   - express: The engine's `runExpress`.
    ///   - trial: What states are tested with.
    ///   - log: Where the store's failures are told.
    ///   - engine: What tasks that await something are brought by.
    package init(
        store: Store,
        arns: ARNs,
        start: @escaping @Sendable (StartRequest) async throws(StoreError) -> StartOutcome,
        stop:
            @escaping @Sendable (ExecutionID, _ error: String?, _ cause: String?) async throws(StoreError) ->
            StopOutcome,
        express: @escaping @Sendable (StartRequest) async throws(StoreError) -> ExpressExecution = {
            _ throws(StoreError) in throw .unavailable("there is no engine")
        },
        trial: Trial = Trial(),
        log: Logger = Logger(label: "api"),
        engine: Engine? = nil
    ) {
        self.engine = engine
        self.store = store
        heads = JoinedLookups { names throws(StoreError) in
            let heads = try await store.findStateMachineHeads(named: names)
            return Dictionary(heads.map { ($0.name, $0) }) { first, _ in first }
        }
        activities = JoinedLookups { names throws(StoreError) in
            let known = try await store.activityNames(amongst: names)
            return Dictionary(known.map { ($0, ()) }) { first, _ in first }
        }
        self.arns = arns
        self.start = start
        self.stop = stop
        self.express = express
        self.trial = trial
        self.log = log
    }

    /// What operations work with in a process that has an engine.
    ///
    /// `driver` performs the Tasks that are tested, and `mocks` finds the test cases under which executions may be started.
    package init(
        engine: Engine,
        driver: TaskDriver? = nil,
        mocks: Mocks? = nil,
        log: Logger = Logger(label: "api")
    ) {
        self.init(
            store: engine.store,
            arns: engine.settings.arns,
            start: { request throws(StoreError) in try await engine.startExecution(request) },
            stop: { id, error, cause throws(StoreError) in
                try await engine.stopExecution(id, error: error, cause: cause)
            },
            express: { request throws(StoreError) in try await engine.runExpress(request) },
            trial: Trial(limits: engine.settings.limits, driver: driver) { engine.clock.now },
            log: log,
            engine: engine
        )
        self.mocks = mocks
    }

    /// The longest input or output that is taken.
    var maxPayloadBytes: Int { trial.limits.maxPayloadBytes }

    // MARK: State machines

    /// The name of the machine that an ARN names, where the ARN is one of a machine itself and of no version or alias.
    func machineName(in arn: String) throws(ServiceError) -> String {
        guard case .machine(let name) = try MachineReference(arn, by: arns) else {
            throw .stateMachineDoesNotExist(arn)
        }
        return name
    }

    /// Finds the machine that an ARN names, with its present revision.
    func stateMachine(_ arn: String) async throws(ServiceError) -> StateMachineRecord {
        let name = try machineName(in: arn)
        let record = try await stored { () throws(StoreError) in try await store.findStateMachine(named: name) }
        guard let record else { throw .stateMachineDoesNotExist(arn) }
        return record
    }

    /// The same without the texts.
    func stateMachineHead(_ arn: String) async throws(ServiceError) -> StateMachineHead {
        let name = try machineName(in: arn)
        let head = try await stored { () throws(StoreError) in try await heads.find(name) }
        guard let head else { throw .stateMachineDoesNotExist(arn) }
        return head
    }

    /// Finds a revision, remembered if it was asked for before.
    func revision(_ id: RevisionID) async throws(ServiceError) -> StateMachineRecord {
        if let known = revisions[id] { return known }
        let record = try await stored { () throws(StoreError) in try await store.findRevision(id) }
        guard let record else {
            log.error("a revision that is pinned is not there", [("revision", id.rawValue)])
            throw .internal
        }
        revisions[id] = record
        return record
    }

    /// Tells those who look on that what lists show has changed otherwise than by an execution.
    func listsChanged() { engine?.onlookers.changed(.lists) }

    // MARK: Executions

    /// Finds the execution that an ARN names.
    func execution(_ arn: String) async throws(ServiceError) -> ExecutionRecord {
        let execution: ExecutionARN
        do { execution = try ExecutionARN(parsing: arn) } catch { throw ServiceError(error) }
        guard arns.own(execution.scope) else { throw .executionDoesNotExist(arn) }
        let record = try await stored { () throws(StoreError) in
            try await store.findExecution(named: execution.name, ofMachineNamed: execution.stateMachine)
        }
        guard let record, record.summary.mapRun?.label == execution.label else { throw .executionDoesNotExist(arn) }
        return record
    }

    /// The ARN of an execution.
    func arn(of execution: ExecutionSummary) -> JSONValue {
        .string("\(arns.execution(execution.name, of: execution.stateMachineName))")
    }

    // MARK: The store's failures

    /// Runs statements; what fails becomes the error that a client is given, and its reason goes to the log.
    func stored<Value>(_ body: () async throws(StoreError) -> Value) async throws(ServiceError) -> Value {
        do {
            return try await body()
        } catch {
            log.error("the store failed", [("error", error)])
            throw ServiceError(error)
        }
    }
}
