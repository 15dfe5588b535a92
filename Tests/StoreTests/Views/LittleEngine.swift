import Interpreter
import JSON
import StatesLanguage
import Store
import Testing

/// Runs executions to their ends on the real interpreter and store, one commit after the other, a second apart.
struct LittleEngine {
    let bench: Bench
    let definition: StateMachineDefinition
    /// What a Task gives, by its function's name, the number of calls of it before, and its input.
    let perform: (_ function: String, _ call: Int, _ input: JSONText) -> Result<JSONText, Failure>
    private(set) var now = Timestamp.test
    private var calls: [String: Int] = [:]
    private var work: [(held: Held, happening: Happening)] = []
    private var random = SystemRandomNumberGenerator()

    init(
        _ bench: Bench,
        _ definition: String,
        perform: @escaping (_ function: String, _ call: Int, _ input: JSONText) -> Result<JSONText, Failure>
    ) throws {
        self.bench = bench
        self.definition = try StateMachineDefinition(parsing: definition)
        self.perform = perform
    }

    /// Runs an execution until nothing is left to do, or for as many commits.
    mutating func run(_ input: JSONText, name: String? = nil, commits: Int = .max) async throws -> ExecutionID {
        let id = bench.newID()
        let execution = info(id, input)
        let interpreter = Interpreter(definition: definition)
        var start = StartSubmission(
            id: id,
            machine: bench.machine.id,
            revision: bench.machine.revisionID,
            name: name,
            input: input,
            at: now,
            transition: interpreter.start(execution, at: now, using: &random),
            lease: bench.newLease()
        )
        start.share = 100
        start.firstLease = bench.numbers(100)
        let answers = try await bench.commit([.start(start)])
        let root = Held(
            key: BranchKey(id, 0),
            lease: try #require(start.lease),
            branch: start.transition.branch
        )
        try await take(try #require(answers.first?.committed), of: root, after: start.transition)

        var left = commits
        while left > 1, !work.isEmpty {
            left -= 1
            let (held, happening) = work.removeFirst()
            now = now + Duration.seconds(1)
            let transition = interpreter.resume(
                held.branch,
                of: execution,
                with: happening,
                at: now,
                nextEventID: nil,
                using: &random
            )
            var one = TransitionSubmission(
                key: held.key,
                parent: held.parent,
                lease: held.lease,
                number: held.number,
                transition: transition,
                at: now
            )
            one.takesUp = true
            one.share = 100
            one.firstLease = bench.numbers(100)
            one.aborted = { [definition] row in
                var branch = Branch(kind: row.kind, state: row.state, phase: row.phase, input: "null")
                branch.previousEventID = row.previousEventID
                return Interpreter(definition: definition).aborted(branch)
            }
            let answer = try await bench.commit([.transition(one)])[0]
            if let committed = answer.committed { try await take(committed, of: held, after: transition) }
        }
        return id
    }

    private mutating func take(_ committed: Committed, of held: Held, after transition: Transition) async throws {
        var held = held
        held.branch = transition.branch
        held.take(.committed(committed))
        switch transition.directive {
        case .proceed: work.append((held, .begin))
        case .perform(let request):
            let function = String(request.resource.text.split(separator: ":").last ?? "")
            calls[function, default: 0] += 1
            switch perform(function, (calls[function] ?? 1) - 1, request.input) {
            case .success(let output): work.append((held, .succeeded(output)))
            case .failure(let failure): work.append((held, .failed(failure)))
            }
        case .sleep(let until):
            now = max(now, until)
            for leased in try await bench.lease(places: 100) { work.append((Held(leased), .begin)) }
        case .await, .fork, .distribute, .complete, .fail: break
        }
        for taken in committed.taken {
            if let child = Held(taken, parent: transition.directive.isFork ? held.key.branch : held.parent ?? 0) {
                work.append((child, .begin))
            } else if let leased = try await bench.leased(taken.key, taken.lease) {
                work.append((Held(leased), leased.resumption))
            }
        }
    }

    private func info(_ id: ExecutionID, _ input: JSONText) -> ExecutionInfo {
        ExecutionInfo(
            id: "arn:aws:states:us-east-1:123456789012:execution:Machine:\(id)",
            name: "\(id)",
            input: input,
            roleARN: bench.machine.roleARN,
            startTime: .test,
            stateMachineID: "arn:aws:states:us-east-1:123456789012:stateMachine:Machine",
            stateMachineName: "Machine"
        )
    }
}

extension Failure: Error {}

extension Directive {
    fileprivate var isFork: Bool { if case .fork = self { true } else { false } }
}

extension LeasedBranch {
    /// What it resumes with.
    fileprivate var resumption: Happening {
        if case .childFailed(let failure, let exceeded)? = happening {
            return .childFailed(failure, toleranceExceeded: exceeded)
        }
        switch joined {
        case .outputs(let outputs)?: return .joined(outputs)
        case .overLimit(let bytes)?: return .joinedOverLimit(bytes: bytes)
        case nil: return .begin
        }
    }
}
