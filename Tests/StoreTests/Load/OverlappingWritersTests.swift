import Foundation
import Interpreter
import JSON
import Postgres
import StatesLanguage
import Store
import TestSupport
import Testing

@Suite("Four writers whose batches overlap", .database)
struct OverlappingWritersTests {
    /// Some seconds; as many as `BRAID_LONG_SECONDS` says where it is set.
    static let duration: Duration = .seconds(
        ProcessInfo.processInfo.environment["BRAID_LONG_SECONDS"].flatMap { Int($0) } ?? 3
    )

    @Test("neither deadlock nor leave anything half done", .timeLimit(.minutes(30)))
    func writers() async throws {
        let committed = try await withThrowingTaskGroup(of: Int.self) { group in
            for _ in 0..<4 {
                group.addTask {
                    var writer = try await Writer()
                    let deadline = ContinuousClock.now + Self.duration
                    // However slow the machine is, something must have come of it.
                    while ContinuousClock.now < deadline || writer.committed < 50 { try await writer.turn() }
                    return writer.committed
                }
            }
            var sum = 0
            for try await count in group { sum += count }
            return sum
        }
        #expect(committed >= 200)
        let bench = try await Bench()
        for (what, sql) in Self.faults {
            let rows = try await bench.connection.query(sql)
            #expect(rows.isEmpty, "\(what): \(rows.count)")
        }
    }

    /// What must not be found afterwards.
    private static let faults = [
        (
            "event ids with gaps",
            """
            SELECT FROM (
                SELECT first_event_id, lag(first_event_id + event_count, 1, 1) OVER (
                    PARTITION BY execution_id ORDER BY first_event_id) AS expected
                FROM braid.history
            ) AS h WHERE first_event_id <> expected
            """
        ),
        (
            "times that run backwards",
            """
            SELECT FROM (
                SELECT at, lag(at) OVER (PARTITION BY execution_id ORDER BY first_event_id) AS before FROM braid.history
            ) AS h WHERE at < before
            """
        ),
        (
            "counters that are not the last event's id",
            """
            SELECT FROM braid.branches AS b WHERE branch_id = 0 AND last_event_id <> (
                SELECT max(first_event_id + event_count - 1) FROM braid.history AS h
                WHERE h.execution_id = b.execution_id)
            """
        ),
        (
            "parents whose open children are counted wrongly",
            """
            SELECT FROM braid.branches AS p WHERE status = 'OPEN' AND first_child IS NOT NULL AND open_children <> (
                SELECT count(*) FROM braid.branches AS c WHERE c.execution_id = p.execution_id
                    AND c.branch_id >= p.first_child AND c.branch_id < p.first_child + p.child_count
                    AND c.status IN ('OPEN', 'UNSTARTED'))
            """
        ),
        (
            "parents that are not joined",
            "SELECT FROM braid.branches WHERE status = 'OPEN' AND phase = 'F' AND open_children = 0"
        ),
        (
            "open branches of executions that ended",
            """
            SELECT FROM braid.branches AS b JOIN braid.executions AS e USING (execution_id)
            WHERE e.status <> 'RUNNING' AND (b.status IN ('OPEN', 'UNSTARTED') OR b.wake_at IS NOT NULL)
            """
        ),
        (
            "leases that are none",
            "SELECT FROM braid.branches WHERE (lease IS NOT NULL) <> (wake_at IS NOT DISTINCT FROM 'infinity')"
        ),
    ]
}

/// A worker that forks, ends and fails children of whatever executions it gets hold of, in any order.
private struct Writer {
    let bench: Bench
    private(set) var committed = 0
    private var held: [Held] = []
    private var random = SystemRandomNumberGenerator()

    init() async throws { bench = try await Bench() }

    mutating func turn() async throws {
        held += try await bench.lease(places: 12).map { Held($0) }
        var submissions: [Submission] = []
        for branch in held.shuffled(using: &random) {
            var one = branch.submit(step(of: branch))
            one.keeps = chance(60)
            one.takesOver = chance(50)
            one.share = Int.random(in: 0...3, using: &random)
            one.firstLease = bench.numbers(10)
            one.takesUp = true
            submissions.append(.transition(one))
        }
        if held.count < 4 {
            submissions.append(.start(bench.submission(.perform(), id: bench.newID(), lease: nil)))
        } else if chance(3), let other = held.randomElement(using: &random) {
            let failure = Failure(error: nil, cause: nil)
            submissions.append(.stop(StopSubmission(execution: other.key.execution, failure: failure, at: .test)))
        }
        let answers = try await bench.commit(submissions)
        held = []
        for (submission, answer) in zip(submissions, answers) {
            guard case .transition(let one) = submission, let committed = answer.committed else { continue }
            self.committed += 1
            if committed.isHeld {
                var branch = Held(key: one.key, parent: one.parent, lease: one.lease, branch: one.transition.branch)
                branch.take(answer)
                held.append(branch)
            }
            for taken in committed.taken {
                if let leased = try await bench.leased(taken.key, taken.lease) { held.append(Held(leased)) }
            }
        }
    }

    private mutating func step(of branch: Held) -> Step {
        let ordinal = if case .iteration(let ordinal) = branch.branch.kind { ordinal } else { 0 }
        switch Int.random(in: 0..<100, using: &random) {
        case 0..<30: return .perform()
        case 30..<40: return .proceed()
        case 40..<75 where branch.key.branch < 30:
            return .map(
                Int.random(in: 1...12, using: &random),
                maxConcurrency: Int.random(in: 0...5, using: &random),
                tolerated: chance(50) ? 2 : nil
            )
        case 75..<80: return branch.key.isRoot ? .perform() : .failIteration(ordinal)
        case 80..<83: return branch.key.isRoot ? .complete() : .endIteration(ordinal)
        default: return branch.key.isRoot ? .proceed() : .endIteration(ordinal)
        }
    }

    private mutating func chance(_ percent: Int) -> Bool { Int.random(in: 0..<100, using: &random) < percent }
}
