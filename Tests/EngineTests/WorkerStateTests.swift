import Interpreter
import JSON
import Postgres
import StatesLanguage
import Store
import Testing

@testable import Engine

@Suite("A worker as a value")
struct WorkerStateTests {
    static let now = Timestamp(microseconds: 1_767_225_600_000_000)
    static let function = "arn:aws:lambda:us-east-1:123456789012:function:f"
    private let execution = ExecutionID(high: 0x0190_0000_0000_7000, low: 0x8000_0000_0000_0001)
    private let worker = WorkerID(rawValue: 1)

    /// A worker that serves all functions, each at so many places, by whatever name or ARN.
    private func state(places: Int? = nil) -> WorkerState {
        WorkerState(
            id: worker,
            settings: EngineSettings(),
            driver: TaskDriver(
                lanes: { ["*"] },
                serves: { !$0.isEmpty },
                places: { $0.contains("lambda:invoke") ? nil : places },
                pool: { lane in
                    let parts = lane.split(separator: ":")
                    return String(parts.count < 7 ? parts.first ?? "" : parts[6])
                },
                perform: { _ in .timedOut }
            ),
            makeToken: { key, number in "\(key) \(number)" }
        )
    }

    private func interpreter(_ state: String) throws -> Interpreter {
        let text = #"{"StartAt":"S","States":{"S":\#(state)}}"#
        return Interpreter(definition: try StateMachineDefinition(parsing: text, type: .standard))
    }

    private func leased(_ number: Int, _ branch: Branch, at time: Timestamp? = nil) -> LeasedBranch {
        LeasedBranch(
            key: BranchKey(execution, number),
            parent: number == 0 ? nil : 0,
            lease: Lease(worker: worker, number: 1_000 + Int64(number)),
            number: 3,
            branch: branch,
            revision: RevisionID(rawValue: 1),
            execution: LeasedExecution(
                id: execution,
                name: "e",
                machineName: "m",
                roleARN: "r",
                input: JSONText(.object([:])),
                startedAt: Self.now
            ),
            leasedAt: time
        )
    }

    private func standing(_ phase: Branch.Phase, _ kind: Branch.Kind = .root, deadline: Timestamp? = nil) -> Branch {
        var branch = Branch(
            kind: kind,
            state: "S",
            phase: phase,
            input: JSONText(.object([:])),
            previousEventID: 5
        )
        branch.enteredEventID = 2
        branch.enteredAt = Self.now
        branch.taskInput = JSONText(.object([:]))
        branch.deadline = deadline
        return branch
    }

    private func commits(_ actions: [WorkerAction]) -> [TransitionSubmission] {
        actions.compactMap { if case .commit(let one) = $0 { one } else { nil } }
    }

    @Test("lets lanes that name one function share its places")
    func sharedPlaces() {
        var state = state(places: 4)
        let lanes = [Self.function, Self.function + ":$LATEST", "f", "g"]
        let places = state.places(in: lanes)
        #expect(places.filter { $0.lane != "g" }.reduce(0) { $0 + $1.places } == 4)
        #expect(places.first { $0.lane == "g" }?.places == 4)
        // Where there are fewer places than lanes, each has its turn.
        var narrow = self.state(places: 1)
        let turns = Set((0..<3).flatMap { _ in narrow.places(in: Array(lanes.prefix(3))).map(\.lane) })
        #expect(turns == Set(lanes.prefix(3)))
    }

    @Test("counts what lambda:invoke performs as its function's, though its lane does not say which that is")
    func invokedPlaces() throws {
        var state = state(places: 2)
        let task =
            #"{"Type":"Task","Resource":"arn:aws:states:::lambda:invoke","Parameters":{"FunctionName.$":"$.n"},"End":true}"#
        _ = state.handle(.defined(RevisionID(rawValue: 1), try interpreter(task)), at: Self.now)
        var branch = standing(.entering)
        branch.input = JSONText(trusted: #"{"n":"f"}"#)
        branch.taskInput = nil
        let begun = commits(state.handle(.leased([leased(0, branch)], wasFull: false), at: Self.now))
        guard case .perform? = begun.first?.transition.directive else {
            Issue.record("it is not performed")
            return
        }
        #expect(state.taken == ["f": 1])
        #expect(state.places(in: ["f"]).map(\.places) == [1])
        #expect(state.places(in: [Self.function]).map(\.places) == [1])
    }

    @Test("that is behind the database's clock times an attempt out that was leased at its deadline")
    func laggingClock() throws {
        var state = state()
        let task =
            #"{"Type":"Task","Resource":"arn:aws:states:::lambda:invoke.waitForTaskToken","Parameters":{"FunctionName":"f","Payload.$":"$$.Task.Token"},"TimeoutSeconds":10,"End":true}"#
        _ = state.handle(.defined(RevisionID(rawValue: 1), try interpreter(task)), at: Self.now)
        let deadline = Self.now + .seconds(10)
        let branch = standing(.awaiting, deadline: deadline)
        let late = leased(0, branch, at: deadline + .milliseconds(1))
        let committed = commits(state.handle(.leased([late], wasFull: false), at: deadline - .milliseconds(300)))
        #expect(committed.first?.transition.events.first?.type == .taskTimedOut)
        #expect(committed.first?.at == deadline + .milliseconds(1))
    }

    @Test("that is behind the database's clock leaves a Wait no earlier than it ends")
    func laggingWait() throws {
        var state = state()
        let wait = #"{"Type":"Wait","Seconds":10,"End":true}"#
        _ = state.handle(.defined(RevisionID(rawValue: 1), try interpreter(wait)), at: Self.now)
        let end = Self.now + .seconds(10)
        let leased = leased(0, standing(.sleeping), at: end)
        let committed = commits(state.handle(.leased([leased], wasFull: false), at: end - .seconds(1)))
        #expect(committed.first?.transition.events.first?.type == .waitStateExited)
        #expect(committed.first?.at == end)
    }

    @Test("says of a transition that stands for one that was refused that nothing gives way to it")
    func broken() throws {
        var state = state()
        let task = #"{"Type":"Task","Resource":"\#(Self.function)","End":true}"#
        _ = state.handle(.defined(RevisionID(rawValue: 1), try interpreter(task)), at: Self.now)
        let first = commits(state.handle(.leased([leased(0, standing(.entering))], wasFull: false), at: Self.now))
        #expect(first.map(\.isBroken) == [false])
        let key = BranchKey(execution, 0)
        let lease = Lease(worker: worker, number: 1_000)
        let second = commits(state.handle(.answered(key, lease, .refused("no")), at: Self.now))
        #expect(second.map(\.isBroken) == [true])
    }

    @Test("hands a branch back for a minute whose definition it cannot run, for a worker of another version")
    func undefinable() throws {
        var state = state()
        let branch = leased(0, standing(.entering))
        _ = state.handle(.leased([branch], wasFull: false), at: Self.now)
        var handedBack: [(key: BranchKey, lease: Lease)] = []
        for action in state.handle(.defined(RevisionID(rawValue: 1), nil), at: Self.now) {
            guard case .handBack(let leases, let delay) = action else { continue }
            #expect(delay == .seconds(60))
            handedBack += leases
        }
        #expect(handedBack.map(\.lease) == [branch.lease])
        #expect(state.heldCount == 0)
    }

    @Test("ends a map run's child that ends at once, and leaves one that does not to whose turn it is")
    func children() throws {
        var state = state()
        let graph = try interpreter(#"{"Type":"Pass","End":true}"#)
        let new = NewExecution(
            id: execution,
            startedAt: Self.now,
            machine: StateMachineID(rawValue: 1),
            machineName: "m",
            revision: RevisionID(rawValue: 1),
            roleARN: "r",
            name: nil,
            input: JSONText(.object([:]))
        )
        let passing = state.start(new, graph, takes: false, at: Self.now)
        guard case .complete = passing.transition.directive else {
            Issue.record("it was left to others: \(passing.transition.directive)")
            return
        }
        #expect(passing.lease != nil)
        let task = try interpreter(#"{"Type":"Task","Resource":"\#(Self.function)","End":true}"#)
        state = self.state()
        let working = state.start(new, task, takes: false, at: Self.now)
        #expect(working.transition.events.map(\.type) == [.executionStarted])
        #expect(working.lease == nil)
        #expect(state.heldCount == 0)
    }

    /// A state that is asked to see to a map run, and what it does then.
    private func seeingToRun(afterDraining: Bool = false) throws -> (state: WorkerState, actions: [WorkerAction]) {
        var state = state()
        let map =
            #"{"Type":"Map","Label":"L","End":true,"ItemProcessor":{"ProcessorConfig":{"Mode":"DISTRIBUTED","ExecutionType":"STANDARD"},"StartAt":"P","States":{"P":{"Type":"Pass","End":true}}}}"#
        _ = state.handle(.defined(RevisionID(rawValue: 1), try interpreter(map)), at: Self.now)
        var branch = standing(.distributed)
        branch.taskInput = JSONText(
            trusted:
                #"{"Id":"01900000-0000-7000-8000-000000000009","Label":"L","ExecutionType":"STANDARD","MaxConcurrency":0}"#
        )
        if afterDraining { state.drain() }
        let actions = state.handle(.leased([leased(0, branch)], wasFull: false), at: Self.now)
        return (state, actions)
    }

    @Test("hands a map run's branch back that it cannot go on with, if it still holds it")
    func leftRun() throws {
        var (state, actions) = try seeingToRun()
        let attempts = actions.compactMap { if case .run(let attempt, _) = $0 { attempt } else { nil } }
        let attempt = try #require(attempts.first)
        let handedBack = state.handle(.left(attempt), at: Self.now).compactMap { action in
            if case .handBack(let leases, _) = action { leases.map(\.key) } else { nil }
        }
        #expect(handedBack == [[BranchKey(execution, 0)]])
        #expect(state.heldCount == 0)
        #expect(state.handle(.left(attempt), at: Self.now).isEmpty)
    }

    @Test("lets go of a map run's branch that only waits, if it still holds it")
    func restingRun() throws {
        var (state, actions) = try seeingToRun()
        let attempts = actions.compactMap { if case .run(let attempt, _) = $0 { attempt } else { nil } }
        let attempt = try #require(attempts.first)
        let run = MapRunID(UUIDValue(high: 1, low: 2))
        let resting = state.handle(.rested(attempt, run, for: .seconds(3)), at: Self.now).compactMap { action in
            if case .rest(run, let key, _, for: .seconds(3)) = action { key } else { nil }
        }
        #expect(resting == [BranchKey(execution, 0)])
        #expect(state.heldCount == 0)
        #expect(state.handle(.rested(attempt, run, for: .seconds(3)), at: Self.now).isEmpty)
    }

    @Test("leaves a map run to others that comes while it drains")
    func runWhileDraining() throws {
        let actions = try seeingToRun(afterDraining: true).actions
        let handedBack = actions.compactMap { if case .commit(let one) = $0 { one.isHandedBack } else { nil } }
        #expect(handedBack == [true])
        #expect(actions.count == 1)
    }

    @Test("gives back what it has kept long where others wait, but no more than a thousand a second")
    func overstaying() throws {
        for (count, seconds) in [(1, 1), (2_500, 2.5)] {
            var state = state()
            let branches = (0..<count).map { leased($0, standing(.entering, $0 == 0 ? .root : .branch($0))) }
            _ = state.handle(.leased(branches, wasFull: true), at: Self.now)
            let branch = try #require(state.held[BranchKey(execution, 0)])
            #expect(state.places(for: branch, at: Self.now + .seconds(seconds - 0.1)).isOpen)
            #expect(!state.places(for: branch, at: Self.now + .seconds(seconds)).isOpen)
        }
    }

    @Test("times four thousand attempts of one execution out in order, each once", .timeLimit(.minutes(2)))
    func timesOutMany() throws {
        var state = state()
        let task = #"{"Type":"Task","Resource":"\#(Self.function)","TimeoutSeconds":10,"End":true}"#
        _ = state.handle(.defined(RevisionID(rawValue: 1), try interpreter(task)), at: Self.now)
        let deadline = Self.now + .seconds(10)
        let all = (1...4_000).map { leased($0, standing(.performing, .iteration($0), deadline: deadline)) }
        var attempts: [AttemptID] = []
        for action in state.handle(.leased(all, wasFull: false), at: Self.now) {
            if case .perform(let attempt, _, _) = action { attempts.append(attempt) }
        }
        #expect(attempts.count == 4_000)
        // The alarm of the last comes first: all that are due no later end before it, each once.
        let last = try #require(attempts.max { $0.key < $1.key })
        var ended = commits(state.handle(.deadline(last), at: deadline)).map(\.key.branch)
        #expect(ended == Array(1...4_000))
        for attempt in attempts { ended += commits(state.handle(.deadline(attempt), at: deadline)).map(\.key.branch) }
        #expect(ended.count == 4_000)
        #expect(state.takenPlaces == 0)
    }
}

@Suite("The deadlines of attempts")
struct DeadlinesTests {
    private let execution = ExecutionID(high: 1, low: 1)

    @Test("are due in order, and not any more once they are removed")
    func order() {
        var deadlines = Deadlines()
        let time = { (seconds: Int) in WorkerStateTests.now + .seconds(seconds) }
        let key = { (number: Int) in BranchKey(self.execution, number) }
        for (number, seconds) in [(5, 3), (1, 2), (4, 2), (2, 9), (3, 2)] {
            deadlines.insert(key(number), time(seconds))
        }
        #expect(deadlines.due(until: key(5), time(3)).map(\.branch) == [1, 3, 4, 5])
        deadlines.remove(key(3), time(2))
        deadlines.remove(key(3), time(2))
        #expect(deadlines.due(until: key(2), time(9)).map(\.branch) == [1, 4, 5, 2])
        #expect(deadlines.due(until: key(1), time(2)).map(\.branch) == [1])
    }
}
