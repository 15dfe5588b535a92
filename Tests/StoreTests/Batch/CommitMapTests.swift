import Interpreter
import JSON
import Store
import TestSupport
import Testing

@Suite("A committed Map", .database)
struct CommitMapTests {
    @Test("starts as many children as may be open, its share of them leased to who forked it, and joins after the last")
    func wholeMap() async throws {
        let bench = try await Bench()
        var root = try await bench.start()
        let fork = try await bench.commit(.map(4, maxConcurrency: 2), of: &root) { one in
            one.share = 1
            one.lanes = ["I": "f"]
        }
        let committed = try #require(fork.committed)
        #expect(!committed.isHeld && committed.taken.map(\.key.branch) == [1] && committed.wokenLanes == ["f"])
        let parent = try await bench.branch(root.key)
        #expect(parent.readiness == "never" && parent.openChildren == 4 && parent.nextChild == 2 && parent.phase == "F")
        let children = try await children(of: root, 4, bench)
        #expect(children.map(\.status) == ["OPEN", "OPEN", "UNSTARTED", "UNSTARTED"])
        #expect(children.map(\.readiness) == ["leased", "ready", "never", "never"])
        #expect(children.map(\.input) == ["0", "1", "2", "3"] && children.map(\.lane) == ["f", "f", "f", "f"])

        // The first child ends: the lowest unstarted begins in its place, and who ended it has it.
        var first = try #require(committed.taken.first.flatMap { Held($0) })
        #expect(first.branch.input.text == "0" && first.branch.previousEventID == 6)
        try await bench.commit(.iterate(0), of: &first)
        let end = try #require(try await bench.commit(.endIteration(0, output: "\"a\""), of: &first).committed)
        var third = try #require(end.taken.first.flatMap { Held($0) })
        #expect(third.key.branch == 3 && third.branch.input.text == "2" && third.branch.kind == .iteration(2))

        // The second is anyone's; its end starts the last, for anyone.
        var second = Held(try #require(try await bench.lease(["f"]).first))
        #expect(second.key.branch == 2 && second.parent == 0 && second.branch.kind == .iteration(1))
        try await bench.commit(.iterate(1), of: &second)
        let left = try await bench.commit(.endIteration(1, output: "\"b\""), of: &second) { $0.takesOver = false }
        #expect(left.committed?.taken.isEmpty == true && left.committed?.wokenLanes == ["f"])
        var fourth = Held(try #require(try await bench.lease(["f"]).first))
        #expect(fourth.branch.input.text == "3")

        try await bench.commit(.iterate(2), of: &third)
        try await bench.commit(.iterate(3), of: &fourth)
        try await bench.commit(.endIteration(3, output: "\"d\""), of: &fourth)
        let last = try #require(try await bench.commit(.endIteration(2, output: "\"c\""), of: &third).committed)
        let joined = try #require(last.taken.first)
        #expect(joined.key == root.key && joined.child == nil)
        let leased = try #require(try await bench.leased(joined.key, joined.lease))
        guard case .outputs(let outputs)? = leased.joined else { return #expect(Bool(false), "no outputs") }
        #expect(outputs.text == #"["a","b","c","d"]"# && leased.branch.phase == .joined)
        // The last MapIterationSucceeded.
        #expect(leased.branch.previousEventID == leased.lastEventID)

        var again = Held(leased)
        try await bench.commit(.complete(), of: &again)
        #expect(try await bench.execution(root.key.execution, "status") == "SUCCEEDED")
        let history = try await bench.history(of: root.key.execution)
        #expect(history.map { $0.prefix { $0 != "←" } } == (1...history.count).map { "\($0)" })
    }

    @Test("whose child fails ends the others, and its branch resumes with the failure")
    func failure() async throws {
        let bench = try await Bench()
        var root = try await bench.start()
        let fork = try await bench.commit(.map(4, maxConcurrency: 3), of: &root) { $0.share = 2 }
        var children = try #require(fork.committed).taken.compactMap { Held($0) }
        try await bench.commit(.iterate(0), of: &children[0])
        try await bench.commit(.iterate(1), of: &children[1])
        let answer = try await bench.commit(.failIteration(0), of: &children[0])
        let committed = try #require(answer.committed)
        #expect(committed.revoked.map(\.lease) == [children[1].lease])
        #expect(committed.taken.map(\.key) == [root.key])
        let rows = try await self.children(of: root, 4, bench)
        #expect(rows.map(\.status) == ["FAILED", "ABORTED", "ABORTED", "ABORTED"])
        #expect(rows.allSatisfy { $0.readiness == "never" && $0.lease == nil })
        #expect(rows[0].error == "E" && rows[0].cause == "c" && rows[1].input == "1")
        #expect(try await bench.commit(.endIteration(1), of: &children[1]).isLost)

        let taken = try #require(committed.taken.first)
        let parent = try #require(try await bench.leased(root.key, taken.lease))
        #expect(
            parent.happening == .childFailed(Failure(error: "E", cause: "c"), toleranceExceeded: false)
                && parent.joined == nil
        )
        let history = try await bench.history(of: root.key.execution)
        #expect(
            history.suffix(3) == ["15←10 LambdaFunctionFailed", "16←15 MapIterationFailed", "17←15 TaskStateAborted"]
        )
        #expect(parent.branch.previousEventID == 15)

        var again = Held(parent)
        try await bench.commit(.fail(), of: &again) { $0.takesUp = true }
        #expect(try await bench.execution(root.key.execution, "status") == "FAILED")
    }

    @Test("goes on after a failure that it tolerates, whose place in the outputs says what failed")
    func tolerated() async throws {
        let bench = try await Bench()
        var root = try await bench.start()
        let fork = try await bench.commit(.map(2, tolerated: 1), of: &root) { $0.share = 2 }
        var children = try #require(fork.committed).taken.compactMap { Held($0) }
        let failure = Failure(error: "E", cause: "c\u{0}\"")
        let first = try await bench.commit(.failIteration(0, failure), of: &children[0])
        #expect(first.committed?.taken.isEmpty == true && first.committed?.revoked.isEmpty == true)
        #expect(try await bench.branch(root.key).failedChildren == 1)
        let last = try #require(try await bench.commit(.endIteration(1), of: &children[1]).committed)
        let joined = try #require(last.taken.first)
        let leased = try #require(try await bench.leased(joined.key, joined.lease))
        guard case .outputs(let outputs)? = leased.joined else { return #expect(Bool(false), "no outputs") }
        #expect(outputs.text == #"[{"Error":"E","Cause":"c\u0000\""},1]"#)
    }

    @Test("fails when more of it fails than it tolerates")
    func exceeded() async throws {
        let bench = try await Bench()
        var root = try await bench.start()
        let fork = try await bench.commit(.map(3, tolerated: 1), of: &root) { $0.share = 3 }
        var children = try #require(fork.committed).taken.compactMap { Held($0) }
        try await bench.commit(.failIteration(0), of: &children[0])
        let last = try #require(try await bench.commit(.failIteration(1), of: &children[1]).committed)
        #expect(last.revoked.map(\.key) == [children[2].key])
        let taken = try #require(last.taken.first)
        let parent = try #require(try await bench.leased(root.key, taken.lease))
        #expect(parent.happening == .childFailed(Failure(error: "E", cause: "c"), toleranceExceeded: true))
        #expect(try await bench.branch(children[2].key).status == "ABORTED")
    }

    @Test("fails once where two of its children fail in one batch", arguments: [nil, 0, 1] as [Int?])
    func twoInOneBatch(_ tolerated: Int?) async throws {
        let bench = try await Bench()
        var root = try await bench.start()
        let fork = try await bench.commit(.map(5, maxConcurrency: 3, tolerated: tolerated), of: &root) { $0.share = 3 }
        let children = try #require(fork.committed).taken.compactMap { Held($0) }
        let submissions = children.enumerated().map { index, child in
            var one = child.submit(
                index < 2 ? .failIteration(index, Failure(error: "E\(index)", cause: nil)) : .iterate(2)
            )
            one.firstLease = bench.numbers(10)
            return Submission.transition(one)
        }
        let answers = try await bench.commit(submissions)
        let failing = tolerated == 1 ? 1 : 0
        #expect(answers.map(\.isLost) == (failing == 1 ? [false, false, true] : [false, true, true]))
        let rows = try await self.children(of: root, 5, bench)
        #expect(rows.map(\.status).filter { $0 == "FAILED" }.count == failing + 1)
        #expect(rows.map(\.status).filter { $0 == "ABORTED" }.count == 4 - failing)
        #expect(rows.allSatisfy { $0.lease == nil && $0.wakeAt == nil })
        let parent = try await bench.branch(root.key)
        #expect(parent.phase == "J" && parent.openChildren == 0 && parent.readiness == "leased")
        #expect(parent.happening?.contains("\"E\(failing)\"") == true)
        let taken = try #require(answers[failing].committed?.taken.first)
        #expect(try await bench.leased(taken.key, taken.lease)?.happening != nil)
        // What the first failure's end had started is not given away.
        #expect(answers[0].committed?.taken.map(\.key) == (failing == 1 ? [] : [root.key]))
    }

    @Test("does not read outputs that are together over the limit")
    func overLimit() async throws {
        let bench = try await Bench()
        var root = try await bench.start()
        let fork = try await bench.commit(.map(2), of: &root) { $0.share = 2 }
        var children = try #require(fork.committed).taken.compactMap { Held($0) }
        let big = JSONText(trusted: "\"" + String(repeating: "x", count: 150_000) + "\"")
        try await bench.commit(.endIteration(0, output: big), of: &children[0])
        let last = try #require(try await bench.commit(.endIteration(1, output: big), of: &children[1]).committed)
        let taken = try #require(last.taken.first)
        let leased = try #require(try await bench.leased(root.key, taken.lease))
        guard case .overLimit(let bytes)? = leased.joined else { return #expect(Bool(false), "not over the limit") }
        #expect(bytes == 2 * 150_002 + 3)
    }

    private func children(of root: Held, _ count: Int, _ bench: Bench) async throws -> [StoredBranch] {
        var children: [StoredBranch] = []
        for number in 1...count { children.append(try await bench.branch(BranchKey(root.key.execution, number))) }
        return children
    }
}
