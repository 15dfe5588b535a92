import Interpreter
import JSON
import Postgres
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

    @Test("takes away a lease that was given after it had looked, and the holder's heartbeat hears of it, too")
    func leasedMeanwhile() async throws {
        let bench = try await Bench()
        var root = try await bench.start()
        _ = try await bench.commit(.map(2), of: &root)
        let stop = StopSubmission(
            execution: root.key.execution,
            failure: Failure(error: nil, cause: nil),
            at: .test(1)
        )
        let lease = Lease(worker: bench.worker, number: 9_999)
        let other = try await bench.connectPatiently()
        let committing = try await bench.connectPatiently()
        try await other.transaction { transaction throws(PostgresError) in
            _ = try await transaction.query(
                """
                UPDATE braid.branches SET worker = $1, lease = 9999, wake_at = 'infinity'
                WHERE execution_id = $2 AND branch_id = 1
                """,
                [.int8(bench.worker.rawValue), .uuid(root.key.execution.value)]
            )
            do {
                // Not on the connection that counts who waits.
                async let stopping = bench.commit([.stop(stop)], on: committing)
                try await waitUntil(within: .seconds(60)) { try await bench.countWaiting() == 1 }
                _ = try await transaction.commit([])
                guard case .stopped(_, let revoked) = try await stopping[0] else {
                    Issue.record("not stopped")
                    return
                }
                #expect(revoked.map(\.lease) == [lease] && revoked.map(\.key.branch) == [1])
            } catch {
                Issue.record(error)
            }
        }
        let heard = try #require(try await bench.store.heartbeat(bench.worker, lanes: [], on: bench.connection))
        #expect(heard.revoked.map(\.lease) == [lease])
        // It may be told again, but not for ever.
        let again = try #require(try await bench.store.heartbeat(bench.worker, lanes: [], on: bench.connection))
        #expect(again.revoked.map(\.lease) == [lease])
        _ = try await bench.connection.query("UPDATE braid.revocations SET at = at - interval '11 s'")
        _ = try await bench.store.heartbeat(bench.worker, lanes: [], on: bench.connection)
        let later = try #require(try await bench.store.heartbeat(bench.worker, lanes: [], on: bench.connection))
        #expect(later.revoked.isEmpty)
    }

    @Test("is not made where it would end more branches than may be ended here")
    func tooMany() async throws {
        let bench = try await Bench()
        var root = try await bench.start()
        _ = try await bench.commit(.map(20), of: &root)
        let stop = StopSubmission(execution: root.key.execution, failure: Failure(error: nil, cause: nil), at: .test(1))
        func commit(_ most: Int) async throws -> [Answer] {
            try await bench.store.commit([.stop(stop)], on: bench.connection, mostOpen: most, at: .test)
        }
        await #expect(throws: StoreError.tooManyOpen) { try await commit(20) }
        #expect(try await bench.execution(root.key.execution, "status") == "RUNNING")
        // The twenty, and their parent.
        guard case .stopped = try await commit(21)[0] else { return #expect(Bool(false), "not stopped") }
        #expect(try await bench.execution(root.key.execution, "status") == "ABORTED")
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
