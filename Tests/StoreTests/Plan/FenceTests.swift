import Interpreter
import JSON
import StatesLanguage
@testable import Store
import Testing

@Suite("A transition is lost")
struct FenceTests {
    struct Row: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let spoil: @Sendable (inout PlanTable, inout TransitionSubmission) -> Void
    }

    static let rows = [
        Row(testDescription: "under another lease of its worker") { table, one in one.lease = table.newLease() },
        Row(testDescription: "under the same number of another worker") { _, one in
            one.lease = Lease(worker: WorkerID(rawValue: 2), number: one.lease.number)
        },
        Row(testDescription: "of a branch that was released") { table, one in
            table[one.key]?.hand(to: nil, at: PlanTable.now)
        },
        Row(testDescription: "of a branch that another holds by now") { table, one in
            let other = table.newLease()
            table[one.key]?.hand(to: other, at: PlanTable.now)
        },
        Row(testDescription: "that comes before what is committed") { _, one in one.number -= 2 },
        Row(testDescription: "that leaves one out") { _, one in one.number += 1 },
        Row(testDescription: "of a branch that has ended") { table, one in table[one.key]?.end(as: .succeeded) },
        Row(testDescription: "of a branch that was ended under a lease of before") { table, one in
            table[one.key]?.status = .aborted
        },
        Row(testDescription: "of an execution that has ended") { table, one in
            table[one.key.root]?.status = .aborted
        },
        Row(testDescription: "of a branch that is not there") { table, one in table[one.key] = nil },
        Row(testDescription: "of an execution that is not there") { table, one in
            table[one.key] = nil
            table[one.key.root] = nil
        },
    ]

    @Test(arguments: rows)
    func root(_ row: Row) {
        var table = PlanTable()
        let held = table.start()
        var one = table.submission(.perform("B"), of: held)
        row.spoil(&table, &one)
        check(one, &table)
    }

    @Test(arguments: rows)
    func child(_ row: Row) {
        var table = PlanTable()
        let (_, children) = table.startMap(2)
        var one = table.submission(.endIteration(0), of: children[0])
        row.spoil(&table, &one)
        check(one, &table)
    }

    private func check(_ one: TransitionSubmission, _ table: inout PlanTable) {
        let before = table.rows
        #expect(table.commit([.transition(one)])[0].isLost)
        #expect(table.last.isEmpty && table.rows == before)
    }
}

@Suite("A batch that is submitted again because its answer was lost")
struct LostAnswerTests {
    @Test("answers a branch that is still held as the first time, and writes nothing")
    func kept() {
        var table = PlanTable()
        let held = table.start()
        let one = table.submission(.perform("B"), of: held)
        let first = table.commit([.transition(one)])[0].committed
        let second = table.commit([.transition(one)])[0].committed
        #expect(table.last.isEmpty)
        #expect(second?.wasBefore == true && second?.isHeld == true && second?.number == first?.number)
        #expect(second?.previousEventID == first?.previousEventID && second?.enteredEventID == first?.enteredEventID)
        #expect(second?.lastEventID == first?.lastEventID)
    }

    struct Row: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let step: Step
        var keeps = true
    }

    static let rows = [
        Row(testDescription: "drops a branch that it released", step: .proceed(), keeps: false),
        Row(testDescription: "drops a branch that sleeps", step: .sleep(until: .test(5_000))),
        Row(testDescription: "drops a branch that awaits", step: .await()),
        Row(
            testDescription: "drops a branch that forked, whose children are held by numbers that it knows",
            step: .map(3)
        ),
        Row(testDescription: "drops a branch that has ended", step: .complete()),
        Row(testDescription: "drops a branch that has failed", step: .fail()),
    ]

    @Test(arguments: rows)
    func released(_ row: Row) {
        var table = PlanTable()
        let held = table.start()
        var one = table.submission(row.step, of: held)
        one.keeps = row.keeps
        one.share = 2
        let first = table.commit([.transition(one)])[0].committed
        #expect(first != nil)
        let before = table.rows
        #expect(table.commit([.transition(one)])[0].isLost)
        #expect(table.last.isEmpty && table.rows == before)
        if case .fork = row.step.directive {
            let numbers = table.rows.values.compactMap(\.lease?.number).sorted()
            #expect(numbers == [one.firstLease, one.firstLease + 1])
        }
    }

    @Test("joins once, though the child that was the last has ended")
    func join() {
        var table = PlanTable()
        var (root, children) = table.startMap(1)
        let one = table.submission(.endIteration(0), of: children.removeFirst())
        #expect(table.commit([.transition(one)])[0].committed?.taken.map(\.key) == [root.key])
        #expect(table.commit([.transition(one)])[0].isLost)
        #expect(table.last.isEmpty)
        // The parent is held by the number that the child's submission named.
        #expect(table[root.key]?.lease == Lease(worker: table.worker, number: one.firstLease))
        root.lease = Lease(worker: table.worker, number: one.firstLease)
        #expect(table.commit(.complete(), of: &root).committed != nil)
    }

    @Test("starts an execution once; it is held while nothing has happened to it since")
    func start() {
        var table = PlanTable()
        let start = table.startSubmission(name: "n")
        let first = table.commit([.start(start)])[0].committed
        let second = table.commit([.start(start)])[0].committed
        #expect(table.last.isEmpty)
        #expect(first?.isHeld == true && second?.isHeld == true && second?.wasBefore == true)
        #expect(second?.number == 1 && second?.lastEventID == first?.lastEventID)

        var held = Held(
            key: BranchKey(start.id, 0),
            lease: start.lease ?? table.newLease(),
            number: 1,
            branch: start.transition.branch
        )
        table.commit(.perform("B"), of: &held)
        #expect(table.commit([.start(start)])[0].committed?.isHeld == false)
        table.commit(.complete(), of: &held)
        let ended = table.commit([.start(start)])[0].committed
        #expect(ended != nil && ended?.isHeld == false)
    }

    @Test("lets what called back first go before a failure, unless the branch is broken: that would come back for ever")
    func brokenAfterCallback() {
        var table = PlanTable()
        var root = table.start()
        root.branch.taskToken = "t"
        table.commit(.perform("B"), of: &root)
        let callback = CallbackSubmission(key: root.key, token: "t", happening: .succeeded("1"), at: .test)
        guard case .reached = table.commit([.callback(callback)])[0] else {
            Issue.record("the callback was not taken")
            return
        }
        var held = root
        held.branch.taskToken = nil
        var failing = table.submission(.fail(), of: held)
        failing.isBroken = true
        #expect(table.commit([.transition(failing)])[0].committed != nil)
        #expect(table.ends.map(\.status) == [.failed])
        #expect(table[root.key]?.wake == .never)
    }

    @Test("starts an execution that nobody holds once")
    func unheldStart() {
        var table = PlanTable()
        let start = table.startSubmission(isHeld: false)
        #expect(table.commit([.start(start)])[0].committed?.isHeld == false)
        #expect(table.commit([.start(start)])[0].committed?.isHeld == false)
        #expect(table.last.isEmpty && table.rows.count == 1)
    }

    @Test("commits what of it is new")
    func mixed() {
        var table = PlanTable()
        let first = table.start()
        let second = table.start()
        let one = table.submission(.perform("B"), of: first)
        _ = table.commit([.transition(one)])
        let answers = table.commit([.transition(one), .transition(table.submission(.perform("B"), of: second))])
        #expect(answers.map { $0.committed?.wasBefore } == [true, false])
        #expect(table.events(of: first.key.execution).count == 7 && table.events(of: second.key.execution).count == 7)
    }
}
