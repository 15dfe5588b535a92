import Interpreter
import JSON
import StatesLanguage
@testable import Store
import Testing

@Suite("A fork")
struct ForkPlanTests {
    struct Row: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let children: Int
        var maxConcurrency = 0
        var share: Int
        let leased: Int
        let ready: Int
        let unstarted: Int
    }

    static let rows = [
        Row(testDescription: "gives no child away", children: 3, share: 0, leased: 0, ready: 3, unstarted: 0),
        Row(testDescription: "gives a share away", children: 3, share: 2, leased: 2, ready: 1, unstarted: 0),
        Row(testDescription: "gives all away", children: 3, share: 9, leased: 3, ready: 0, unstarted: 0),
        Row(
            testDescription: "leaves those over MaxConcurrency unstarted",
            children: 5,
            maxConcurrency: 3,
            share: 1,
            leased: 1,
            ready: 2,
            unstarted: 2
        ),
        Row(
            testDescription: "gives none away that is unstarted",
            children: 5,
            maxConcurrency: 2,
            share: 4,
            leased: 2,
            ready: 0,
            unstarted: 3
        ),
        Row(
            testDescription: "starts all if MaxConcurrency is more",
            children: 2,
            maxConcurrency: 9,
            share: 0,
            leased: 0,
            ready: 2,
            unstarted: 0
        ),
    ]

    @Test(arguments: rows)
    func shares(_ row: Row) {
        var table = PlanTable()
        var root = table.start()
        let answer = table.commit(.map(row.children, maxConcurrency: row.maxConcurrency), of: &root) { one in
            one.share = row.share
            one.lanes = ["I": "f"]
        }
        let children = (1...row.children).compactMap { table[BranchKey(root.key.execution, $0)] }
        #expect(children.map(\.kind) == (0..<row.children).map { .iteration($0) })
        #expect(children.map { $0.lease != nil } == (0..<row.children).map { $0 < row.leased })
        #expect(children.filter { $0.wake == .at(PlanTable.now) }.count == row.ready)
        #expect(children.map { $0.status == .unstarted } == (0..<row.children).map { $0 >= row.leased + row.ready })
        #expect(children.filter { $0.status == .unstarted }.allSatisfy { $0.wake == .never })
        #expect(children.allSatisfy { $0.lane == "f" && $0.previousEventID == 6 && $0.parent == 0 })
        #expect(answer.committed?.taken.map(\.key.branch) == Array(1..<(row.leased + 1)))
        #expect(answer.committed?.wokenLanes == (row.ready > 0 ? ["f"] : []))
        let parent = table[root.key]
        #expect(parent?.openChildren == row.children && parent?.wake == .never && parent?.lease == nil)
        #expect(parent?.nextBranchID == row.children + 1 && parent?.childCount == row.children)
    }

    @Test("of two branches of one execution in one batch gives no number twice")
    func numbers() {
        var table = PlanTable()
        let (root, children) = table.startMap(2)
        _ = table.commit([(.map(2), children[0]), (.map(3), children[1])])
        #expect(table.branches(of: root.key.execution, .open) == Array(0...7))
        #expect(table[children[0].key]?.firstChild == 3 && table[children[1].key]?.firstChild == 5)
    }

    @Test("after a join, or again after a failure, has children of its own")
    func again() {
        var table = PlanTable()
        var (root, children) = table.startMap(2)
        _ = table.commit([(.endIteration(0), children[0]), (.endIteration(1), children[1])])
        root.lease = table[root.key]?.lease ?? root.lease
        let answer = table.commit(.map(2), of: &root) { $0.share = 2 }
        children = answer.committed?.taken.compactMap { Held($0) } ?? []
        #expect(children.map(\.key.branch) == [3, 4] && table[root.key]?.failedChildren == 0)
        table.commit(.failIteration(0), of: &children[0])
        #expect(table.branches(of: root.key.execution, .aborted) == [4])
        root.lease = table[root.key]?.lease ?? root.lease
        table.commit(.map(1), of: &root) { $0.takesUp = true }
        #expect(table[root.key]?.firstChild == 5 && table[root.key]?.failedChildren == 0)
        #expect(table[root.key]?.happening == nil && table[root.key]?.phase == .forked)
    }
}

@Suite("A join")
struct JoinPlanTests {
    @Test(
        "comes once, with the last child's end, in whatever batches and order they end",
        arguments: [
            [[0, 1, 2]], [[2, 1, 0]], [[0], [1], [2]], [[1, 0], [2]], [[2], [0, 1]],
        ]
    )
    func once(_ batches: [[Int]]) {
        var table = PlanTable()
        let (root, children) = table.startMap(3)
        var joins = 0
        for batch in batches {
            let answers = table.commit(batch.map { (.endIteration($0), children[$0]) })
            let joined = answers.flatMap { $0.committed?.taken ?? [] }.filter { $0.key == root.key }
            joins += joined.count
            if !joined.isEmpty { #expect(answers.last?.committed?.taken.map(\.key) == [root.key]) }
        }
        #expect(joins == 1 && table[root.key]?.phase == .joined && table[root.key]?.openChildren == 0)
        // MapStateSucceeded points at the last MapIterationSucceeded.
        let last = table.events(of: root.key.execution).last
        #expect(last?.hasSuffix("MapIterationSucceeded") == true)
        #expect(table[root.key]?.previousEventID == table.history[root.key.execution]?.count)
    }

    @Test("is anyone's where who ends the last child does not take it")
    func anyones() {
        var table = PlanTable()
        var (root, children) = table.startMap(1)
        let answer = table.commit(.endIteration(0), of: &children[0]) { $0.takesOver = false }
        #expect(answer.committed?.taken.isEmpty == true && answer.committed?.wokenLanes == [""])
        #expect(table[root.key]?.wake == .at(PlanTable.now) && table[root.key]?.lane == "")
        root.lease = table.newLease()
        #expect(table.commit(.complete(), of: &root).isLost)
    }

    @Test("of an inner Map leaves the outer one open")
    func nested() {
        var table = PlanTable()
        var (root, children) = table.startMap(2)
        let inner = table.commit(.map(1), of: &children[0]) { $0.share = 1 }
        guard var grandchild = inner.committed?.taken.first.flatMap({ Held($0, parent: 1) }) else {
            return #expect(Bool(false), "no child")
        }
        let answer = table.commit(.endIteration(0), of: &grandchild)
        #expect(answer.committed?.taken.map(\.key.branch) == [1])
        #expect(table[root.key]?.phase == .forked && table[root.key]?.openChildren == 2)
        children[0].lease = table[children[0].key]?.lease ?? root.lease
        _ = table.commit([(.endIteration(0), children[0]), (.endIteration(1), children[1])])
        #expect(table[root.key]?.phase == .joined)
        root.lease = table[root.key]?.lease ?? root.lease
        table.commit(.complete(), of: &root)
        #expect(table.ends.map(\.status) == [.succeeded] && table.branches(of: root.key.execution, .open).isEmpty)
    }
}

@Suite("MaxConcurrency")
struct MaxConcurrencyPlanTests {
    @Test("lets the lowest unstarted begin in place of each that ends, in the same batch")
    func lowest() {
        var table = PlanTable()
        let (root, children) = table.startMap(6, maxConcurrency: 3)
        let answers = table.commit([(.endIteration(2), children[2]), (.endIteration(0), children[0])])
        #expect(answers.map { $0.committed?.taken.map(\.key.branch) ?? [] } == [[4], [5]])
        #expect(table.branches(of: root.key.execution, .unstarted) == [6])
        #expect(table.branches(of: root.key.execution, .open) == [0, 2, 4, 5])
        #expect(table[root.key]?.nextChild == 5 && table[root.key]?.openChildren == 4)
        // Each points at the last event of the state of the one whose place it took.
        #expect(table[BranchKey(root.key.execution, 4)]?.previousEventID == 8)
        #expect(table[BranchKey(root.key.execution, 5)]?.previousEventID == 11)
        #expect(table.events(of: root.key.execution)[7] == "8←7 TaskStateExited")
    }

    @Test("keeps the place of an iteration that waits")
    func waiting() {
        var table = PlanTable()
        var (root, children) = table.startMap(3, maxConcurrency: 1)
        table.commit(.sleep(until: .test(5_000)), of: &children[0])
        #expect(table.branches(of: root.key.execution, .unstarted) == [2, 3])
    }

    @Test("starts no more than there are, and joins after the last")
    func end() {
        var table = PlanTable()
        let (root, children) = table.startMap(3, maxConcurrency: 2)
        let answers = table.commit([(.endIteration(0), children[0]), (.endIteration(1), children[1])])
        #expect(answers.map { $0.committed?.taken.map(\.key.branch) ?? [] } == [[3], []])
        #expect(table[root.key]?.phase == .forked)
        let lease = table[BranchKey(root.key.execution, 3)]?.lease ?? table.newLease()
        var third = Held(key: BranchKey(root.key.execution, 3), parent: 0, lease: lease, branch: children[0].branch)
        #expect(table.commit(.endIteration(2), of: &third).committed?.taken.map(\.key.branch) == [0])
    }

    @Test("starts for anyone where who ends an iteration takes nothing more")
    func left() {
        var table = PlanTable()
        var (root, children) = table.startMap(2, maxConcurrency: 1)
        let answer = table.commit(.endIteration(0), of: &children[0]) { $0.takesOver = false }
        #expect(answer.committed?.taken.isEmpty == true)
        #expect(table[BranchKey(root.key.execution, 2)]?.wake == .at(PlanTable.now))
        #expect(table.last.siblings.map(\.key.branch) == [2] && table.last.siblings[0].lease == nil)
    }

    @Test("goes on in place of one whose failure is tolerated")
    func tolerated() {
        var table = PlanTable()
        let (root, children) = table.startMap(3, maxConcurrency: 1, tolerated: 2)
        let answers = table.commit([(.failIteration(0), children[0])])
        #expect(answers[0].committed?.taken.map(\.key.branch) == [2])
        #expect(table[BranchKey(root.key.execution, 2)]?.previousEventID == 7)
        #expect(
            table.events(of: root.key.execution).suffix(2) == ["7←6 LambdaFunctionFailed", "8←7 MapIterationFailed"]
        )
    }
}
