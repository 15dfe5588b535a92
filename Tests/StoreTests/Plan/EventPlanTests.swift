import Interpreter
import JSON
import StatesLanguage
@testable import Store
import Testing

@Suite("The events of a batch")
struct EventPlanTests {
    @Test("are numbered without gaps in each execution, whatever else is in the batch")
    func numbers() {
        var table = PlanTable()
        let (first, children) = table.startMap(2)
        let second = table.start()
        let third = table.startSubmission()
        let stopped = table.start()
        let stop = StopSubmission(
            execution: stopped.key.execution,
            failure: Failure(error: nil, cause: nil),
            at: .test
        )
        let lost = table.submission(.perform("C"), of: second)
        let submissions: [Submission] = [
            .transition(table.submission(.iterate(0), of: children[0])), .start(third),
            .transition(table.submission(.perform("B"), of: second)), .stop(stop), .transition(lost),
            .transition(table.submission(.iterate(1), of: children[1])), .start(table.startSubmission()),
        ]
        _ = table.commit(submissions)
        #expect(table.history.count == 5)
        for (id, events) in table.history {
            #expect(events.map(\.id) == Array(1...events.count))
            #expect(table[BranchKey(id, 0)]?.lastEventID == events.count)
        }
        #expect(
            table.events(of: first.key.execution).dropFirst(6) == [
                "7←6 MapIterationStarted", "8←7 TaskStateEntered", "9←8 LambdaFunctionScheduled",
                "10←9 LambdaFunctionStarted", "11←6 MapIterationStarted", "12←11 TaskStateEntered",
                "13←12 LambdaFunctionScheduled", "14←13 LambdaFunctionStarted",
            ]
        )
    }

    @Test("have times that never run backwards, also across batches and branches")
    func times() {
        var table = PlanTable()
        let (root, children) = table.startMap(3)
        _ = table.commit([
            .transition(table.submission(.iterate(0), of: children[0], at: .test(9))),
            .transition(table.submission(.iterate(1), of: children[1], at: .test(3))),
            .transition(table.submission(.iterate(2), of: children[2], at: .test(-3))),
        ])
        let stop = StopSubmission(
            execution: root.key.execution,
            failure: Failure(error: nil, cause: nil),
            at: .test(5)
        )
        guard case .stopped(let at, _) = table.commit([.stop(stop)])[0] else {
            return #expect(Bool(false), "not stopped")
        }
        let times = (table.history[root.key.execution] ?? []).map(\.at)
        #expect(times == times.sorted() && times.last == .test(9) && at == .test(9))
        #expect(table.ends.last?.stoppedAt == .test(9))
    }

    @Test("give a branch the ids that its next transition needs")
    func ids() {
        var table = PlanTable()
        var root = table.start(.proceed())
        #expect(root.branch.enteredEventID == 2 && root.branch.previousEventID == 2)
        // Nothing is written: both stay.
        let silent = Step(directive: .proceed, phase: .entered)
        #expect(table.commit(silent, of: &root).committed?.lastEventID == 2)
        #expect(root.branch.enteredEventID == 2 && root.branch.previousEventID == 2)
        // It goes on to a state that it has not entered.
        var leaving = Step(directive: .proceed, state: "B", phase: .entering)
        leaving.events = [.stateExited(.task, name: "A", output: "1", after: .chain)]
        table.commit(leaving, of: &root)
        #expect(root.branch.enteredEventID == nil && root.branch.previousEventID == 3)
        #expect(table[root.key]?.enteredEventID == nil && table[root.key]?.previousEventID == 3)
    }

    @Test("of an iteration leave the chain at its state's last event")
    func chain() {
        var table = PlanTable()
        var (root, children) = table.startMap(2, maxConcurrency: 1)
        table.commit(.iterate(0), of: &children[0])
        let end = table.commit(.endIteration(0), of: &children[0])
        #expect(end.committed?.previousEventID == 12)
        #expect(
            table.events(of: root.key.execution).suffix(2) == ["12←11 TaskStateExited", "13←12 MapIterationSucceeded"]
        )
        #expect(table[BranchKey(root.key.execution, 2)]?.previousEventID == 12)
    }
}

@Suite("The name of an execution")
struct NamePlanTests {
    @Test("goes to the first that asks for it in a batch, and to none while another has it")
    func names() {
        var table = PlanTable()
        let starts = ["a", "b", "a", nil, nil, "e\u{301}", "\u{e9}"].map { table.startSubmission(name: $0) }
        let answers = table.commit(starts.map { .start($0) })
        #expect(answers.map { $0.committed != nil } == [true, true, false, true, true, true, true])
        guard case .nameTaken(let other) = answers[2] else { return #expect(Bool(false), "not taken") }
        #expect(other == NamedExecution(id: starts[0].id, startedAt: .test, isRunning: true, input: "{}"))
        #expect(table.rows[BranchKey(starts[2].id, 0)] == nil && table.last.executions.count == 6)

        let later = table.commit([.start(table.startSubmission(name: "b"))])
        guard case .nameTaken(let again) = later[0] else { return #expect(Bool(false), "not taken") }
        #expect(again.id == starts[1].id && table.last.isEmpty)
    }

    @Test("is no other machine's")
    func machines() {
        var table = PlanTable()
        var other = table.startSubmission(name: "a")
        other.machine = StateMachineID(rawValue: 2)
        let answers = table.commit([.start(table.startSubmission(name: "a")), .start(other)])
        #expect(answers.allSatisfy { $0.committed != nil })
    }
}
