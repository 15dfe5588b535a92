import Interpreter
import JSON
import Postgres
import StatesLanguage
@testable import Store
import Testing

/// The rows that batches decide on, kept in memory: what PostgreSQL does for the store, without it.
struct PlanTable {
    private(set) var rows: [BranchKey: BranchRow] = [:]
    private(set) var history: [ExecutionID: [RecordedEvent]] = [:]
    private(set) var ends: [ExecutionEnd] = []
    private(set) var last = BatchWrites()
    private var taken: [ExecutionName: NamedExecution] = [:]
    private var numbers: Int64 = 0
    private var executions: UInt64 = 0
    let worker = WorkerID(rawValue: 1)
    static let now = Timestamp.test(1_000)

    /// Lease numbers that were never used; the first of as many.
    mutating func newNumbers(_ count: Int = 1) -> Int64 {
        numbers += Int64(count)
        return numbers - Int64(count) + 1
    }

    mutating func newLease() -> Lease { Lease(worker: worker, number: newNumbers()) }

    mutating func newID() -> ExecutionID {
        executions += 1
        return ExecutionID(UUIDValue(high: 0x0190_0000_0000_7000, low: 0x8000_0000_0000_0000 | executions))
    }

    /// A start, as an engine submits it.
    mutating func startSubmission(
        _ step: Step = .perform(),
        id: ExecutionID? = nil,
        name: String? = nil,
        isHeld: Bool = true
    ) -> StartSubmission {
        let branch = Branch(kind: .root, state: step.state, phase: .entering, input: "{}")
        var start = StartSubmission(
            id: id ?? newID(),
            machine: StateMachineID(rawValue: 1),
            revision: RevisionID(rawValue: 1),
            name: name,
            input: "{}",
            at: .test,
            transition: step.starting.transition(from: branch),
            lease: isHeld ? newLease() : nil
        )
        start.firstLease = newNumbers(20)
        return start
    }

    /// An execution that has begun, held.
    mutating func start(_ step: Step = .perform()) -> Held {
        let start = startSubmission(step)
        let answer = commit([.start(start)])[0]
        var held = Held(
            key: BranchKey(start.id, 0),
            lease: start.lease ?? newLease(),
            branch: start.transition.branch
        )
        if let committed = answer.committed { held.take(.committed(committed)) }
        return held
    }

    /// An execution that stands in a Map; its children that were started are held.
    mutating func startMap(
        _ count: Int,
        maxConcurrency: Int = 0,
        tolerated: Int? = nil
    ) -> (root: Held, children: [Held]) {
        var root = start()
        let answer = commit(.map(count, maxConcurrency: maxConcurrency, tolerated: tolerated), of: &root) {
            $0.share = count
        }
        return (root, answer.committed?.taken.compactMap { Held($0) } ?? [])
    }

    /// What is submitted for a step, with lease numbers for what it may be given.
    mutating func submission(_ step: Step, of held: Held, at: Timestamp = .test) -> TransitionSubmission {
        var one = held.submit(step, at: at)
        one.firstLease = newNumbers(20)
        return one
    }

    @discardableResult
    mutating func commit(
        _ step: Step,
        of held: inout Held,
        _ change: (inout TransitionSubmission) -> Void = { _ in }
    ) -> Answer {
        var one = submission(step, of: held)
        change(&one)
        let answer = commit([.transition(one)])[0]
        held.branch = one.transition.branch
        held.take(answer)
        return answer
    }

    /// Commits steps of several branches in one batch.
    mutating func commit(_ steps: [(Step, Held)]) -> [Answer] {
        commit(steps.map { .transition(submission($0.0, of: $0.1)) })
    }

    /// Commits as the store does: with no other rows than those it reads, and nothing kept but what it writes.
    mutating func commit(_ submissions: [Submission]) -> [Answer] {
        var keys = BatchPlan.keys(of: submissions)
        for case .start(let start) in submissions { keys.insert(BranchKey(start.id, 0)) }
        let swept = Set(
            BatchPlan.sweeps(of: submissions).filter { sweep in
                guard let number = sweep.parent, let parent = rows[BranchKey(sweep.execution, number)],
                    let tolerated = parent.toleratedFailures
                else { return true }
                return parent.failedChildren + sweep.failures > tolerated
            }.map(\.execution)
        )
        var read = keys.compactMap { rows[$0] }
        read += rows.values.filter {
            swept.contains($0.key.execution) && ($0.status == .open || $0.status == .unstarted)
        }
        var plan = BatchPlan(rows: read, now: Self.now)
        plan.taken = taken
        let answers = plan.apply(submissions)
        taken = plan.taken
        apply(plan.writes)
        return answers
    }

    private mutating func apply(_ writes: BatchWrites) {
        last = writes
        for write in writes.inserts {
            #expect(rows[write.row.key] == nil, "inserted twice")
            rows[write.row.key] = write.row
        }
        for row in writes.updates.map(\.row) + writes.touches + writes.aborts { rows[row.key] = row }
        for sibling in writes.siblings {
            rows[sibling.key]?.status = .open
            rows[sibling.key]?.previousEventID = sibling.previousEventID
            rows[sibling.key]?.hand(to: sibling.lease, at: Self.now)
        }
        ends += writes.ends
        for row in writes.history {
            let stored = StoredHistoryRow(
                firstEventID: row.firstEventID,
                eventCount: row.eventCount,
                previousEventID: row.previousEventID,
                at: row.at,
                events: row.events,
                payloads: row.payloads
            )
            history[row.key.execution, default: []] += stored.opened() ?? []
        }
    }

    subscript(key: BranchKey) -> BranchRow? {
        get { rows[key] }
        set { rows[key] = newValue }
    }

    /// The events of an execution, as `id←previous Type`.
    func events(of id: ExecutionID) -> [String] {
        (history[id] ?? []).map { "\($0.id)←\($0.previousID) \($0.type.rawValue)" }
    }

    /// The branches of an execution in a status, by number.
    func branches(of id: ExecutionID, _ status: BranchRow.Status) -> [Int] {
        rows.values.filter { $0.key.execution == id && $0.status == status }.map(\.key.branch).sorted()
    }
}

extension BatchWrites {
    var isEmpty: Bool {
        executions.isEmpty && inserts.isEmpty && history.isEmpty && updates.isEmpty && touches.isEmpty && aborts.isEmpty
            && siblings.isEmpty && ends.isEmpty && revoked.isEmpty
    }
}
