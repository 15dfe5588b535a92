import Interpreter
import JSON
import Postgres
import StatesLanguage
import Store
import Synchronization
import TestSupport
import Testing

/// A store with a state machine and a worker whose every move the test makes.
final class Bench: Sendable {
    let store: Store
    /// For commits and leases.
    let connection: Connection
    let worker: WorkerID
    let machine: StateMachineRecord
    /// What its commits left behind, as a process has it.
    let known = KnownRows()
    private let leases = Atomic<Int64>(0)

    static var settings: ConnectionSettings {
        TestDatabase.current.connectionSettings.with { $0.session = Store.session }
    }

    /// A connection that may stay in a transaction for long: for the test's own locks.
    func connectPatiently() async throws -> Connection {
        try await Connection.connect(to: store.pool.settings.with { $0.session = [:] })
    }

    /// Connects to a migrated database, the test's own by default, and registers a worker.
    init(_ settings: ConnectionSettings = Bench.settings) async throws {
        store = Store(pool: Pool(settings, limit: 4))
        connection = try await Connection.connect(to: settings)
        worker = try await store.registerWorker(host: "test", pid: 1, lanes: ["", "f"], capacity: 10)
        // Whoever comes first makes it.
        let content = RevisionContent(definition: "{}", roleARN: "arn:aws:iam::1:role/r")
        _ = try await store.createStateMachine(named: "Machine", type: .standard, content: content)
        machine = try #require(try await store.findStateMachine(named: "Machine"))
    }

    /// Lease numbers that were never used; the first of as many.
    func numbers(_ count: Int = 1) -> Int64 {
        leases.wrappingAdd(Int64(count), ordering: .relaxed).oldValue + 1
    }

    func newLease() -> Lease { Lease(worker: worker, number: numbers()) }

    func newID() -> ExecutionID {
        var generator = SystemRandomNumberGenerator()
        return ExecutionID(at: 1_767_225_600_000, using: &generator)
    }

    func submission(
        _ step: Step,
        id: ExecutionID,
        lease: Lease?,
        name: String? = nil,
        lane: String = "",
        input: JSONText = "{}"
    ) -> StartSubmission {
        let branch = Branch(kind: .root, state: step.state, phase: .entering, input: input)
        return StartSubmission(
            id: id,
            machine: machine.id,
            revision: machine.revisionID,
            name: name,
            input: input,
            at: .test,
            transition: step.starting.transition(from: branch),
            lease: lease,
            lane: lane
        )
    }

    /// Starts an execution that this worker holds.
    func start(_ step: Step = .perform()) async throws -> Held {
        let id = newID()
        let lease = newLease()
        let start = submission(step, id: id, lease: lease)
        let answer = try #require(try await commit([.start(start)]).first)
        guard case .started(let committed) = answer else { throw StoreError.unexpected("not started") }
        var held = Held(key: BranchKey(id, 0), lease: lease, branch: start.transition.branch)
        held.take(.committed(committed))
        return held
    }

    func commit(
        _ submissions: [Submission],
        on other: Connection? = nil,
        isRepeated: Bool = false
    ) async throws -> [Answer] {
        try await store.commit(submissions, on: other ?? connection, isRepeated: isRepeated, at: .test, known: known)
    }

    /// Commits a step of one branch, which goes on from there if it is kept.
    @discardableResult
    func commit(
        _ step: Step,
        of held: inout Held,
        _ change: (inout TransitionSubmission) -> Void = { _ in }
    ) async throws -> Answer {
        var one = held.submit(step)
        one.firstLease = numbers(10)
        change(&one)
        let answers = try await commit([.transition(one)])
        let answer = try #require(answers.first)
        held.branch = one.transition.branch
        held.take(answer)
        return answer
    }

    /// Leases what is ready.
    func lease(_ lanes: [String] = [""], places: Int = 10, to other: WorkerID? = nil) async throws -> [LeasedBranch] {
        try await store.leaseReady(
            from: lanes.map { LanePlaces(lane: $0, places: places) },
            to: other ?? worker,
            first: numbers(places * lanes.count),
            outputLimit: 262_144,
            on: connection
        )
    }

    func leased(_ key: BranchKey, _ lease: Lease) async throws -> LeasedBranch? {
        try await store.leased([(key, lease)], to: lease.worker, outputLimit: 262_144).first
    }

    /// Moves the database's clock.
    func advance(by seconds: Int) async throws {
        try await connection.run(
            script: """
                CREATE OR REPLACE FUNCTION braid.now() RETURNS timestamptz LANGUAGE sql STABLE PARALLEL SAFE
                AS $$ SELECT now() + interval '\(seconds) s' $$
                """
        )
    }

    /// Stops the database's clock, so many seconds after 2030.
    func stopClock(at seconds: Int) async throws {
        try await connection.run(
            script: """
                CREATE OR REPLACE FUNCTION braid.now() RETURNS timestamptz LANGUAGE sql STABLE PARALLEL SAFE
                AS $$ SELECT '2030-01-01T00:00:00Z'::timestamptz + interval '\(seconds) s' $$
                """
        )
    }

    /// Each event as `id←previous Type`.
    func history(of id: ExecutionID) async throws -> [String] {
        try await store.readHistory(of: id, limit: 1_000).events.map { "\($0.id)←\($0.previousID) \($0.type.rawValue)" }
    }

    func branch(_ key: BranchKey) async throws -> StoredBranch {
        let rows = try await connection.query(
            "SELECT * FROM braid.branches WHERE execution_id = $1 AND branch_id = $2",
            [.uuid(key.execution.value), .int4(Int32(key.branch))]
        )
        return try StoredBranch(try #require(rows.first))
    }

    /// One value of the execution's row, as text.
    func execution(_ id: ExecutionID, _ column: String) async throws -> String? {
        let rows = try await connection.query(
            "SELECT (\(column))::text FROM braid.executions WHERE execution_id = $1",
            [.uuid(id.value)]
        )
        return try #require(rows.first)[0]
    }
}

/// What a branch's row holds.
struct StoredBranch {
    var status: String
    var phase: String
    var state: String
    var lane: String
    var transition: Int
    var worker: Int64?
    var lease: Int64?
    var wakeAt: Int64?
    var lapses: Int
    var openChildren: Int
    var nextChild: Int
    var failedChildren: Int
    var previousEventID: Int
    var lastEventID: Int
    var input: String
    var output: String?
    var error: String?
    var cause: String?
    var happening: String?

    init(_ row: Row) throws(PostgresError) {
        status = try row["status"]
        phase = try row["phase"]
        state = try row["state"]
        lane = try row["lane"]
        transition = try row["transition"]
        worker = try row["worker"]
        lease = try row["lease"]
        wakeAt = try row["wake_at"]
        lapses = try row["lapses"]
        openChildren = try row["open_children"]
        nextChild = try row["next_child"]
        failedChildren = try row["failed_children"]
        previousEventID = try row["previous_event_id"]
        lastEventID = try row["last_event_id"]
        input = try row["input"]
        output = try row["output"]
        error = try row["error"]
        cause = try row["cause"]
        happening = try row["happening"]
    }

    /// Leased, ready or neither, in a word.
    var readiness: String {
        switch wakeAt {
        case nil: "never"
        case .max?: "leased"
        default: "ready"
        }
    }
}

extension Answer {
    /// What was committed, of a transition or a start.
    var committed: Committed? {
        switch self {
        case .committed(let committed), .started(let committed): committed
        default: nil
        }
    }

    var isLost: Bool { if case .lost = self { true } else { false } }
}
