import Interpreter
import JSON
import StatesLanguage
@testable import Store
import Testing

@Suite("A child's failure")
struct FailurePlanTests {
    @Test("drops what its siblings did later in the same batch, and keeps what they did before")
    func sameBatch() {
        var table = PlanTable()
        let (root, children) = table.startMap(4)
        let id = root.key.execution
        let answers = table.commit([
            (.iterate(0), children[0]), (.endIteration(1), children[1]), (.failIteration(2), children[2]),
            (.endIteration(3), children[3]),
        ])
        #expect(answers.map(\.isLost) == [false, false, false, true])
        // What the first went on with is lost to it by the third.
        #expect(answers[0].committed?.isHeld == false)
        #expect(answers[2].committed?.revoked.map(\.lease) == [children[0].lease, children[3].lease])
        #expect(table.branches(of: id, .succeeded) == [2] && table.branches(of: id, .failed) == [3])
        #expect(table.branches(of: id, .aborted) == [1, 4] && table.branches(of: id, .open) == [0])
        #expect(
            table.events(of: id).dropFirst(6) == [
                "7←6 MapIterationStarted", "8←7 TaskStateEntered", "9←8 LambdaFunctionScheduled",
                "10←9 LambdaFunctionStarted", "11←6 LambdaFunctionSucceeded", "12←11 TaskStateExited",
                "13←12 MapIterationSucceeded", "14←6 LambdaFunctionFailed", "15←14 MapIterationFailed",
                "16←14 TaskStateAborted",
            ]
        )
        // MapStateFailed points at the failing state's event.
        #expect(table[root.key]?.previousEventID == 14)
    }

    @Test("is the one that counts where two fail in one batch", arguments: [[0, 1], [1, 0]])
    func two(_ order: [Int]) {
        var table = PlanTable()
        let (root, children) = table.startMap(3)
        let answers = table.commit(
            order.map { (.failIteration($0, Failure(error: "E\($0)", cause: nil)), children[$0]) }
        )
        #expect(answers.map(\.isLost) == [false, true])
        #expect(table[root.key]?.failedChildren == 1 && table[root.key]?.openChildren == 0)
        #expect(
            table[root.key]?.happening
                == .childFailed(Failure(error: "E\(order[0])", cause: nil), toleranceExceeded: false)
        )
        #expect(answers[0].committed?.taken.map(\.key) == [root.key])
        #expect(table.branches(of: root.key.execution, .failed) == [order[0] + 1])
    }

    @Test("ends what the same batch forked before, and its children's children")
    func forked() {
        var table = PlanTable()
        let (root, children) = table.startMap(3)
        let grandchildren = table.submission(.map(2), of: children[0])
        var first = grandchildren
        first.share = 1
        let answers = table.commit([
            .transition(first), .transition(table.submission(.failIteration(1), of: children[1])),
        ])
        let id = root.key.execution
        #expect(table.branches(of: id, .aborted) == [1, 3, 4, 5] && table.branches(of: id, .open) == [0])
        #expect(answers[0].committed?.taken.isEmpty == true && answers[0].committed?.isHeld == false)
        #expect(answers[1].committed?.revoked.map(\.key.branch) == [3, 4])
        #expect(table.rows.values.filter { $0.key.branch > 0 }.allSatisfy { $0.lease == nil && $0.wake == .never })
    }

    @Test("ends a sibling that the same batch started")
    func started() {
        var table = PlanTable()
        let (root, children) = table.startMap(4, maxConcurrency: 2)
        let answers = table.commit([(.endIteration(0), children[0]), (.failIteration(1), children[1])])
        let id = root.key.execution
        #expect(table.branches(of: id, .aborted) == [3, 4] && table.branches(of: id, .unstarted).isEmpty)
        #expect(answers[0].committed?.taken.isEmpty == true && table.last.siblings.isEmpty)
        #expect(table[BranchKey(id, 3)]?.lease == nil)
    }

    @Test("writes for a sibling whose deadline has passed too that it timed out, of its own chain")
    func outOfTime() {
        var table = PlanTable()
        let (root, children) = table.startMap(3)
        let id = root.key.execution
        _ = table.commit([(.iterate(0), children[0])])
        table[children[0].key]?.deadline = .test
        var fail = table.submission(.failIteration(1), of: children[1])
        fail.timedOut = { $0.deadline == nil ? nil : HistoryEvent(.lambdaFunctionTimedOut, after: .chain) }
        fail.aborted = { _ in [HistoryEvent(.taskStateAborted, after: .chain)] }
        _ = table.commit([.transition(fail)])
        #expect(
            table.events(of: id).suffix(5) == [
                "11←6 LambdaFunctionFailed", "12←11 MapIterationFailed", "13←10 LambdaFunctionTimedOut",
                "14←11 TaskStateAborted", "15←11 TaskStateAborted",
            ]
        )
        #expect(table[children[0].key]?.deadline == nil)
    }

    @Test("of an inner Map leaves the outer one's other children alone")
    func inner() {
        var table = PlanTable()
        var (root, children) = table.startMap(2)
        let inner = table.commit(.map(2), of: &children[0]) { $0.share = 2 }
        let grandchildren = inner.committed?.taken.compactMap { Held($0, parent: 1) } ?? []
        let answers = table.commit([
            (.failIteration(0), grandchildren[0]), (.endIteration(1), grandchildren[1]), (.iterate(1), children[1]),
        ])
        #expect(answers.map(\.isLost) == [false, true, false])
        #expect(table.branches(of: root.key.execution, .open) == [0, 1, 2])
        #expect(table[children[0].key]?.phase == .joined && table[root.key]?.happening == nil)
        #expect(answers[0].committed?.taken.map(\.key.branch) == [1])
        // The inner Map's branch fails with it: now the outer one ends.
        var failed = children[0]
        failed.lease = table[failed.key]?.lease ?? failed.lease
        let outer = table.commit(.failIteration(0), of: &failed) { $0.takesUp = true }
        #expect(outer.committed?.revoked.map(\.lease) == [children[1].lease])
        #expect(table[root.key]?.phase == .joined && table.branches(of: root.key.execution, .open) == [0])
    }

    @Test("after a stop in the same batch changes nothing, nor does a stop after the execution's end")
    func stop() {
        var table = PlanTable()
        let (root, children) = table.startMap(2)
        let id = root.key.execution
        let stop = StopSubmission(execution: id, failure: Failure(error: nil, cause: nil), at: .test)
        let fail = table.submission(.failIteration(0), of: children[0])
        let answers = table.commit([.stop(stop), .transition(fail)])
        #expect(answers[1].isLost && table.branches(of: id, .aborted) == [0, 1, 2])
        guard case .stopped(_, let revoked) = answers[0] else { return #expect(Bool(false), "not stopped") }
        #expect(revoked.map(\.lease) == children.map(\.lease))

        let other = table.start()
        let complete = table.submission(.complete(), of: other)
        let late = StopSubmission(execution: other.key.execution, failure: Failure(error: nil, cause: nil), at: .test)
        guard case .notRunning = table.commit([.transition(complete), .stop(late)])[1] else {
            return #expect(Bool(false), "stopped")
        }
        #expect(table.ends.map(\.status) == [.aborted, .succeeded])
    }

    struct Tolerance: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let tolerated: Int?
        /// The batches, each the ordinals that fail in it; the others succeed at the end.
        let failing: [[Int]]
        let isExceeded: Bool
    }

    static let tolerances = [
        Tolerance(testDescription: "is tolerated once", tolerated: 1, failing: [[0]], isExceeded: false),
        Tolerance(testDescription: "is tolerated twice, apart", tolerated: 2, failing: [[1], [3]], isExceeded: false),
        Tolerance(testDescription: "is tolerated twice, together", tolerated: 2, failing: [[3, 1]], isExceeded: false),
        Tolerance(
            testDescription: "is not tolerated a second time",
            tolerated: 1,
            failing: [[0], [1]],
            isExceeded: true
        ),
        Tolerance(testDescription: "is one too many in one batch", tolerated: 1, failing: [[0, 1]], isExceeded: true),
        Tolerance(testDescription: "is not tolerated at all", tolerated: 0, failing: [[2]], isExceeded: true),
        Tolerance(testDescription: "of all is tolerated", tolerated: 4, failing: [[0, 1, 2, 3]], isExceeded: false),
    ]

    @Test(arguments: tolerances)
    func tolerance(_ row: Tolerance) {
        var table = PlanTable()
        let (root, children) = table.startMap(4, tolerated: row.tolerated)
        for batch in row.failing { _ = table.commit(batch.map { (.failIteration($0), children[$0]) }) }
        let failed = Set(row.failing.joined())
        if row.isExceeded {
            #expect(
                table[root.key]?.happening == .childFailed(Failure(error: "E", cause: "c"), toleranceExceeded: true)
            )
            #expect(table.branches(of: root.key.execution, .failed).count == failed.count)
        } else {
            _ = table.commit((0..<4).filter { !failed.contains($0) }.map { (.endIteration($0), children[$0]) })
            #expect(table[root.key]?.happening == nil && table[root.key]?.failedChildren == failed.count)
        }
        #expect(table[root.key]?.phase == .joined && table[root.key]?.openChildren == 0)
        #expect(table.branches(of: root.key.execution, .open) == [0])
    }

    @Test(
        "is kept for the parent as the interpreter takes it up",
        arguments: [
            Failure(error: nil, cause: nil), Failure(error: "E", cause: nil), Failure(error: nil, cause: "c"),
            Failure(error: "\u{0}E\"", cause: "\u{0}\n\u{2028}"),
        ]
    )
    func recorded(_ failure: Failure) {
        for exceeded in [false, true] {
            let happening = RecordedHappening.childFailed(failure, toleranceExceeded: exceeded)
            let clean = Failure(error: failure.error?.withoutNUL, cause: failure.cause?.withoutNUL)
            #expect(
                RecordedHappening(text: happening.text) == .childFailed(clean, toleranceExceeded: exceeded)
            )
            #expect(!happening.text.utf8.contains(0))
        }
    }
}
