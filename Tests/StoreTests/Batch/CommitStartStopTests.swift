import Interpreter
import JSON
import Store
import TestSupport
import Testing

@Suite("A committed start or stop", .database)
struct CommitStartStopTests {
    @Test("leaves an execution that nobody holds ready for anyone")
    func unheld() async throws {
        let bench = try await Bench()
        let id = bench.newID()
        let start = bench.submission(.perform(), id: id, lease: nil, lane: "f", input: "[1,  2]")
        let answer = try #require(try await bench.commit([.start(start)]).first?.committed)
        #expect(!answer.isHeld && answer.wokenLanes == ["f"] && answer.lastEventID == 4)
        let leased = try #require(try await bench.lease(["f"]).first)
        #expect(leased.key == BranchKey(id, 0) && leased.execution.input.text == "[1,  2]")
    }

    @Test("gives a name once: to the first in the batch, and to nobody after it")
    func names() async throws {
        let bench = try await Bench()
        let ids = (0..<4).map { _ in bench.newID() }
        let first = try await bench.commit([
            .start(bench.submission(.perform(), id: ids[0], lease: bench.newLease(), name: "n", input: "1")),
            .start(bench.submission(.perform(), id: ids[1], lease: bench.newLease(), name: "n", input: "2")),
            .start(bench.submission(.perform(), id: ids[2], lease: bench.newLease(), name: "e\u{301}")),
            .start(bench.submission(.perform(), id: ids[3], lease: bench.newLease(), name: "\u{e9}")),
        ])
        #expect(first[0].committed != nil && first[2].committed != nil && first[3].committed != nil)
        guard case .nameTaken(let other) = first[1] else { return #expect(Bool(false), "not taken") }
        #expect(other == NamedExecution(id: ids[0], startedAt: .test, isRunning: true, input: "1"))

        var root = Held(
            try #require(try await bench.leased(BranchKey(ids[0], 0), Lease(worker: bench.worker, number: 1)))
        )
        try await bench.commit(.complete(), of: &root)
        let later = try await bench.commit([
            .start(bench.submission(.perform(), id: bench.newID(), lease: nil, name: "n"))
        ])
        guard case .nameTaken(let ended) = later[0] else { return #expect(Bool(false), "not taken") }
        #expect(ended.id == ids[0] && !ended.isRunning && ended.input.text == "1")
    }

    @Test("ends everything of an execution that is stopped, once")
    func stop() async throws {
        let bench = try await Bench()
        var root = try await bench.start()
        let fork = try await bench.commit(.map(3, maxConcurrency: 2), of: &root) { $0.share = 2 }
        var children = try #require(fork.committed).taken.compactMap { Held($0) }
        let stop = StopSubmission(
            execution: root.key.execution,
            failure: Failure(error: "Stopped", cause: nil),
            at: .test(1)
        )
        let answers = try await bench.commit([.stop(stop), .stop(stop)])
        guard case .stopped(let at, let revoked) = answers[0], case .notRunning = answers[1] else {
            return #expect(Bool(false), "\(answers)")
        }
        #expect(at == .test(1) && revoked.map(\.lease) == children.map(\.lease))
        #expect(try await bench.execution(root.key.execution, "status") == "ABORTED")
        #expect(try await bench.execution(root.key.execution, "error") == "Stopped")
        for number in 0...3 {
            let row = try await bench.branch(BranchKey(root.key.execution, number))
            #expect(row.status == "ABORTED" && row.readiness == "never" && row.lease == nil)
        }
        #expect(try await bench.history(of: root.key.execution).last == "7←0 ExecutionAborted")
        #expect(try await bench.commit(.endIteration(0), of: &children[0]).isLost)
        guard case .notRunning = try await bench.commit([.stop(stop)])[0] else {
            return #expect(Bool(false), "stopped twice")
        }
    }

    @Test("times an execution out")
    func timeout() async throws {
        let bench = try await Bench()
        let root = try await bench.start()
        let stop = StopSubmission(
            execution: root.key.execution,
            failure: Failure(error: nil, cause: nil),
            isTimeout: true,
            at: .test
        )
        _ = try await bench.commit([.stop(stop)])
        #expect(try await bench.execution(root.key.execution, "status") == "TIMED_OUT")
        #expect(try await bench.branch(root.key).status == "TIMED_OUT")
        #expect(try await bench.history(of: root.key.execution).last == "5←0 ExecutionTimedOut")
    }

    @Test("knows no execution that is not there")
    func unknown() async throws {
        let bench = try await Bench()
        let stop = StopSubmission(execution: bench.newID(), failure: Failure(error: nil, cause: nil), at: .test)
        guard case .notRunning = try await bench.commit([.stop(stop)])[0] else {
            return #expect(Bool(false), "stopped")
        }
    }
}
