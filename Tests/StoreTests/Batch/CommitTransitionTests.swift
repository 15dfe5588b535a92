import Interpreter
import JSON
import StatesLanguage
import Store
import TestSupport
import Testing

@Suite("A committed transition", .database)
struct CommitTransitionTests {
    @Test("keeps its branch's lease as long as the holder goes on, up to the execution's end")
    func kept() async throws {
        let bench = try await Bench()
        var root = try await bench.start()
        #expect(try await bench.branch(root.key).readiness == "leased")

        let answer = try await bench.commit(.perform("B"), of: &root)
        #expect(answer.committed?.isHeld == true && answer.committed?.number == 2)
        var row = try await bench.branch(root.key)
        #expect(row.state == "B" && row.phase == "P" && row.readiness == "leased" && row.transition == 2)
        #expect(row.lease == root.lease.number && row.worker == bench.worker.rawValue)

        let output: JSONText = #"{"b":  1.50, "a": "\u0000"}"#
        let end = try await bench.commit(.complete(output), of: &root)
        #expect(end.committed?.isHeld == false)
        row = try await bench.branch(root.key)
        #expect(row.status == "SUCCEEDED" && row.readiness == "never" && row.lease == nil && row.input == "null")
        #expect(try await bench.execution(root.key.execution, "status") == "SUCCEEDED")
        #expect(try await bench.execution(root.key.execution, "output") == output.text)
        #expect(try await bench.execution(root.key.execution, "stopped_at IS NOT NULL") == "true")
        #expect(
            try await bench.history(of: root.key.execution) == [
                "1←0 ExecutionStarted", "2←0 TaskStateEntered", "3←2 LambdaFunctionScheduled",
                "4←3 LambdaFunctionStarted", "5←4 TaskStateEntered", "6←5 LambdaFunctionScheduled",
                "7←6 LambdaFunctionStarted", "8←7 TaskStateExited", "9←8 ExecutionSucceeded",
            ]
        )
    }

    @Test("releases its branch into the lane of what it needs next")
    func released() async throws {
        let bench = try await Bench()
        var root = try await bench.start()
        let answer = try await bench.commit(.proceed("B"), of: &root) { one in
            one.keeps = false
            one.lane = "f"
        }
        #expect(answer.committed?.isHeld == false && answer.committed?.wokenLanes == ["f"])
        #expect(try await bench.lease([""]).isEmpty)

        let leased = try #require(try await bench.lease(["", "f"]).first)
        #expect(leased.key == root.key && leased.number == 2 && leased.branch.phase == .entered)
        #expect(leased.branch.enteredEventID == 5 && leased.branch.previousEventID == 5 && leased.lastEventID == 5)
        #expect(leased.execution.machineName == "Machine" && leased.execution.input.text == "{}")
        #expect(leased.execution.name == root.key.execution.description && leased.revision == bench.machine.revisionID)
        #expect(leased.joined == nil && leased.happening == nil && leased.parent == nil)
        #expect(try await bench.commit(.complete(), of: &root).isLost)
    }

    @Test("that sleeps leaves a branch that is ready when its time has come")
    func sleeps() async throws {
        let bench = try await Bench()
        var root = try await bench.start()
        let until = try #require(Timestamp(rfc3339: "2999-01-01T00:00:00Z"))
        let answer = try await bench.commit(.sleep(until: until), of: &root)
        #expect(answer.committed?.isHeld == false && answer.committed?.wokenLanes == [])
        #expect(try await bench.branch(root.key).wakeAt == until.microseconds)
        #expect(try await bench.lease().isEmpty)
        let survey = try await bench.store.surveyLanes()
        #expect(survey.lanes.map(\.lane) == [""] && survey.lanes.first?.nextWake == until)

        try await bench.advance(by: 975 * 365 * 86_400)
        #expect(try await bench.lease().map(\.key) == [root.key])
        #expect(try await bench.store.surveyLanes().lanes.isEmpty)
    }

    @Test("that awaits leaves a branch that is ready at its deadline, or never")
    func awaits() async throws {
        let bench = try await Bench()
        var timed = try await bench.start()
        var untimed = try await bench.start()
        let deadline = try #require(Timestamp(rfc3339: "2999-01-01T00:00:00Z"))
        try await bench.commit(.await(), of: &timed) { $0.awaitUntil = deadline }
        try await bench.commit(.await(), of: &untimed)
        #expect(try await bench.branch(timed.key).wakeAt == deadline.microseconds)
        #expect(try await bench.branch(untimed.key).wakeAt == nil)
    }

    @Test("raises its time to that of the execution's last event")
    func time() async throws {
        let bench = try await Bench()
        var root = try await bench.start()
        try await bench.commit(.perform("B"), of: &root) { $0.at = .test(10) }
        try await bench.commit(.complete(), of: &root) { $0.at = .test(5) }
        let times = try await bench.store.readHistory(of: root.key.execution, limit: 100).events.map(\.at)
        #expect(times.last == .test(10) && times == times.sorted())
        #expect(
            try await bench.execution(root.key.execution, "stopped_at = '2026-01-01T00:00:10Z'::timestamptz") == "true"
        )
    }

    @Test("fails the execution with the root's failure, and keeps its input for redrive")
    func fails() async throws {
        let bench = try await Bench()
        var root = try await bench.start(.perform("A"))
        try await bench.commit(.fail(Failure(error: "E\u{0}", cause: "a\u{0}b")), of: &root)
        let id = root.key.execution
        #expect(try await bench.execution(id, "status") == "FAILED")
        #expect(try await bench.execution(id, "error") == "E\u{FFFD}")
        #expect(try await bench.execution(id, "cause") == "a\u{FFFD}b")
        let row = try await bench.branch(root.key)
        #expect(row.status == "FAILED" && row.input == "{}" && row.cause == "a\u{FFFD}b")
    }

    @Test("ends an execution at its start, where nothing durable is in between")
    func endsAtOnce() async throws {
        let bench = try await Bench()
        let root = try await bench.start(.complete("[1,  2]"))
        #expect(try await bench.execution(root.key.execution, "status") == "SUCCEEDED")
        #expect(try await bench.execution(root.key.execution, "output") == "[1,  2]")
        #expect(try await bench.branch(root.key).status == "SUCCEEDED")
        #expect(
            try await bench.history(of: root.key.execution) == [
                "1←0 ExecutionStarted", "2←0 TaskStateExited", "3←2 ExecutionSucceeded",
            ]
        )
    }
}
