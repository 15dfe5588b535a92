import Interpreter
import JSON
import StatesLanguage
import Store
import TestSupport
import Testing

@Suite("What comes from outside", .database)
struct CommitCallbackTests {
    private let output: JSONText = #"{"a":  "\u0000"}"#

    /// A branch whose attempt is under way, and still held.
    private func begin(_ bench: Bench) async throws -> Held {
        var root = try await bench.start()
        root.branch.taskToken = "token"
        var step = Step.await()
        step.directive = Step.perform().directive
        try await bench.commit(step, of: &root)
        return root
    }

    private func callback(_ root: Held, _ token: String, _ happening: RecordedHappening) -> Submission {
        .callback(CallbackSubmission(key: root.key, token: token, happening: happening, at: .test))
    }

    @Test("before its branch sleeps is not lost: the branch is ready as soon as it is let go")
    func early() async throws {
        let bench = try await Bench()
        var root = try await begin(bench)
        let early = try await bench.commit([callback(root, "token", .succeeded(output))])
        guard case .reached = early[0] else { return #expect(Bool(false), "\(early)") }
        #expect(try await bench.branch(root.key).readiness == "leased")

        var silent = Step.await()
        silent.events = []
        silent.entered = nil
        let until = try #require(Timestamp(rfc3339: "2999-01-01T00:00:00Z"))
        let answer = try await bench.commit(silent, of: &root) { $0.awaitUntil = until }
        #expect(answer.committed?.isHeld == false && answer.committed?.wokenLanes == [""])
        let leased = try #require(try await bench.lease().first)
        #expect(leased.happening == .succeeded(output) && leased.branch.phase == .awaiting)
        var again = Held(leased)
        again.branch.taskToken = nil
        try await bench.commit(.complete(output), of: &again) { $0.takesUp = true }
        #expect(try await bench.execution(root.key.execution, "output") == output.text)
    }

    @Test("wakes a branch that sleeps, once: the first for the attempt's token wins")
    func asleep() async throws {
        let bench = try await Bench()
        var root = try await begin(bench)
        var silent = Step.await()
        silent.events = []
        silent.entered = nil
        try await bench.commit(silent, of: &root)
        let failure = Failure(error: "E", cause: "a\u{0}b")
        let answers = try await bench.commit([
            callback(root, "other", .succeeded("1")), callback(root, "token", .failed(failure)),
            callback(root, "token", .succeeded("2")),
        ])
        let isReached = answers.map { if case .reached = $0 { true } else { false } }
        #expect(isReached == [false, true, false])
        let leased = try #require(try await bench.lease().first)
        #expect(leased.happening == .failed(Failure(error: "E", cause: "a\u{FFFD}b")))
        let late = try await bench.commit([callback(root, "token", .succeeded("3"))])
        guard case .notAwaited = late[0] else { return #expect(Bool(false), "\(late)") }
    }

    @Test("for an attempt that has ended reaches nobody")
    func late() async throws {
        let bench = try await Bench()
        var root = try await begin(bench)
        root.branch.taskToken = nil
        try await bench.commit(.perform("B"), of: &root)
        let answers = try await bench.commit([callback(root, "token", .succeeded("1"))])
        guard case .notAwaited = answers[0] else { return #expect(Bool(false), "\(answers)") }
        try await bench.commit(.complete(), of: &root)
        guard case .notAwaited = try await bench.commit([callback(root, "token", .succeeded("1"))])[0] else {
            return #expect(Bool(false), "reached")
        }
        #expect(try await bench.branch(root.key).happening == nil)
    }
}
