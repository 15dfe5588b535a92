import Interpreter
import JSON
import Postgres
import StatesLanguage
import Store
import TestSupport
import Testing

@Suite("A commit of what the process's own commits left behind", .database)
struct CommitKnownTests {
    /// How often a piece of work waited for the server on the connection of commits.
    private func trips(_ bench: Bench, _ work: () async throws -> Void) async throws -> Int {
        // What is new is prepared in the same round trip, so the first time counts like any other.
        let before = bench.connection.roundTrips
        try await work()
        return bench.connection.roundTrips - before
    }

    @Test("takes one round trip, and does all that the long way does")
    func oneTrip() async throws {
        let bench = try await Bench()
        var root = try await bench.start()
        #expect(try await trips(bench) { try await bench.commit(.perform("B"), of: &root) } == 1)
        #expect(try await trips(bench) { try await bench.commit(.complete("1"), of: &root) } == 1)
        #expect(try await bench.execution(root.key.execution, "output") == "1")
        #expect(try await bench.branch(root.key).transition == 3)
    }

    @Test("takes one round trip for children too, up to the joined parent")
    func children() async throws {
        let bench = try await Bench()
        var root = try await bench.start()
        let fork = try await bench.commit(.map(2), of: &root) { $0.share = 2 }
        var children = try #require(fork.committed).taken.compactMap { Held($0) }
        #expect(try await trips(bench) { try await bench.commit(.endIteration(0), of: &children[0]) } == 1)
        var last: Answer?
        #expect(try await trips(bench) { last = try await bench.commit(.endIteration(1), of: &children[1]) } == 1)
        #expect(last?.committed?.taken.first?.key == root.key)
        #expect(try await bench.branch(root.key).phase == "J")
    }

    @Test("is lost where another process has ended the execution, which is all that is written of it")
    func stopped() async throws {
        let bench = try await Bench()
        let other = try await Bench()
        var root = try await bench.start()
        let stop = StopSubmission(execution: root.key.execution, failure: Failure(error: "E", cause: nil), at: .test)
        _ = try await other.commit([.stop(stop)])
        let before = try await bench.history(of: root.key.execution)
        #expect(try await bench.commit(.perform("B"), of: &root).isLost)
        #expect(try await bench.history(of: root.key.execution) == before)
        #expect(try await bench.branch(root.key).status == "ABORTED")
    }

    @Test("keeps what another process was told by a callback meanwhile")
    func calledBack() async throws {
        let bench = try await Bench()
        let other = try await Bench()
        var root = try await bench.start()
        root.branch.taskToken = "token"
        var step = Step.await()
        step.directive = Step.perform().directive
        try await bench.commit(step, of: &root)
        let callback = CallbackSubmission(key: root.key, token: "token", happening: .succeeded("7"), at: .test)
        let reached = try await other.commit([.callback(callback)])
        guard case .reached = reached[0] else { return #expect(Bool(false), "\(reached)") }
        var silent = Step.await()
        silent.events = []
        silent.entered = nil
        let answer = try await bench.commit(silent, of: &root)
        #expect(answer.committed?.wokenLanes == [""])
        #expect(try await bench.lease().first?.happening == .succeeded("7"))
    }

    @Test("goes the long way where the execution is changed by others too, and is as right")
    func contested() async throws {
        let bench = try await Bench()
        var root = try await bench.start()
        // Whatever it was that somebody changed.
        _ = try await bench.connection.query(
            "UPDATE braid.branches SET lapses = 1 WHERE execution_id = $1",
            [.uuid(root.key.execution.value)]
        )
        #expect(try await trips(bench) { try await bench.commit(.perform("B"), of: &root) } > 2)
        #expect(try await bench.branch(root.key).lapses == 0)
        #expect(try await trips(bench) { try await bench.commit(.perform("C"), of: &root) } == 2)
        #expect(try await bench.branch(root.key).transition == 3)
    }

    @Test("presumes nothing once it was forgotten what became of a commit")
    func forgotten() async throws {
        let bench = try await Bench()
        var root = try await bench.start()
        bench.known.forget()
        #expect(try await trips(bench) { try await bench.commit(.perform("B"), of: &root) } == 2)
        #expect(try await trips(bench) { try await bench.commit(.perform("C"), of: &root) } == 1)
    }
}
