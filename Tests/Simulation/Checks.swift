import Engine
import Interpreter
import JSON
import StatesLanguage
import Store

/// What must hold at every moment of a schedule; the first thing that does not ends it.
final class Checks {
    private struct Attempt: Hashable {
        let key: BranchKey
        let number: Int
    }

    private(set) var violations: [String] = []
    /// Executions whose end chance may decide, and why.
    private(set) var exempt: [ExecutionID: String] = [:]
    private(set) var commits = 0
    private(set) var performed = 0
    private var leases: Set<Lease> = []
    private var transitions: Set<Attempt> = []
    private var attempts: [Attempt: TaskRequest] = [:]
    private var requestIDs: [String: Attempt] = [:]
    private var usedRequestIDs: [Attempt: String] = [:]
    private var maxConcurrency: [BranchKey: Int] = [:]
    /// The tokens of attempts under way, and what reached an attempt, by its token.
    private var tokens: [BranchKey: String] = [:]
    private var reached: [String: RecordedHappening] = [:]
    /// The tokens that activity workers were given.
    private var polled: Set<String> = []

    func expect(_ condition: Bool, _ violation: @autoclosure () -> String) {
        if !condition { violations.append(violation()) }
    }

    func exempt(_ execution: ExecutionID, because reason: String) { exempt[execution] = reason }

    // MARK: Leases

    /// Neither part of a lease is ever used again.
    func given(_ lease: Lease, of key: BranchKey) {
        expect(leases.insert(lease).inserted, "lease \(lease.worker)/\(lease.number) was given twice, now for \(key)")
    }

    // MARK: Commits

    func committed(_ submissions: [Submission], _ answers: [Answer], _ writes: BatchWrites, in store: ModelStore) {
        commits += 1
        var executions: Set<ExecutionID> = []
        for (submission, answer) in zip(submissions, answers) {
            switch (submission, answer) {
            case (.transition(let one), .committed(let committed)) where !committed.wasBefore:
                executions.insert(one.key.execution)
                note(one.key, one.transition, before: one.number, committed)
            case (.start(let start), .started(let committed)) where !committed.wasBefore:
                executions.insert(start.id)
                note(BranchKey(start.id, 0), start.transition, before: 0, committed)
            case (.children(let children), .childrenStarted(let given)):
                executions.formUnion(children.starts.map(\.id))
                for (start, committed) in zip(children.starts, given) where !committed.wasBefore {
                    note(BranchKey(start.id, 0), start.transition, before: 0, committed)
                }
            case (.activity(let one), .committed(let committed)) where !committed.wasBefore:
                executions.insert(one.key.execution)
                note(one.key, one.transition, before: one.number, committed)
                expect(
                    one.transition.branch.taskToken != nil,
                    "\(one.key) is given to an activity worker without a token"
                )
            case (.stop(let stop), .stopped): executions.insert(stop.execution)
            case (.callback(let callback), .reached):
                executions.insert(callback.key.execution)
                expect(tokens[callback.key] == callback.token, "\(callback.key) was reached by a token that it has not")
                let known = reached.updateValue(callback.happening, forKey: callback.token)
                expect(known == nil || known == callback.happening, "a second callback of \(callback.key) was accepted")
            default: break
            }
        }
        for id in executions.sorted() {
            if let execution = store.execution(id) { examine(execution) }
        }
    }

    private func note(_ key: BranchKey, _ transition: Transition, before: Int, _ committed: Committed) {
        guard committed.number != before else { return }
        let isNew = transitions.insert(Attempt(key: key, number: before)).inserted
        expect(isNew, "transition \(before) of \(key) was committed twice")
        if let token = tokens[key], token != transition.branch.taskToken, let happening = reached[token] {
            examineEnd(of: key, transition, after: happening)
        }
        tokens[key] = transition.branch.taskToken
        switch transition.directive {
        case .perform(let request): attempts[Attempt(key: key, number: committed.number)] = request
        case .fork(let fork): maxConcurrency[key] = fork.maxConcurrency
        default: break
        }
    }

    /// An attempt that was reached from outside ends by that.
    private func examineEnd(of key: BranchKey, _ transition: Transition, after happening: RecordedHappening) {
        let types = Set(transition.events.map(\.type))
        switch happening {
        case .succeeded:
            expect(
                !types.isDisjoint(with: [.taskSucceeded, .activitySucceeded]),
                "\(key) was told its result, and has lost it"
            )
        case .failed:
            expect(
                !types.isDisjoint(with: [.taskFailed, .activityFailed]),
                "\(key) was told its failure, and has lost it"
            )
        case .workerLost:
            expect(
                !types.isDisjoint(with: [.lambdaFunctionFailed, .taskFailed]),
                "\(key) outlived its worker"
            )
        case .childFailed, .broken: break
        }
    }

    /// An execution's rows agree with each other.
    private func examine(_ execution: ModelStore.Execution) {
        let isRunning = execution.end == nil
        for stored in execution.branches {
            let row = stored.row
            expect((row.lease != nil) == (row.wake == .leased), "\(row.key) is half leased")
            guard row.status == .open else {
                expect(row.wake == .never, "\(row.key) has ended or not begun, and would be woken")
                if row.status == .unstarted { examineUnstarted(row, in: execution) }
                continue
            }
            expect(isRunning, "\(row.key) is open although its execution has ended")
            if row.phase == .forked { examineChildren(of: row, in: execution) }
            if row.wake == .never {
                expect([.forked, .awaiting].contains(row.phase), "nothing wakes \(row.key) in phase \(row.phase)")
            }
        }
        if let root = execution.branches.first {
            expect((root.row.status == .open) == isRunning, "\(root.row.key) and its execution disagree")
        }
    }

    /// Only the child of a state that is still worked on may begin yet.
    private func examineUnstarted(_ row: BranchRow, in execution: ModelStore.Execution) {
        guard let parent = row.parent.map({ execution.branches[$0].row }) else { return }
        expect(
            parent.status == .open && parent.phase == .forked && row.isChild(of: parent),
            "\(row.key) is unstarted, and nobody will start it"
        )
    }

    private func examineChildren(of row: BranchRow, in execution: ModelStore.Execution) {
        guard let first = row.firstChild else { return expect(false, "\(row.key) has forked nothing") }
        let children = execution.branches[first..<(first + row.childCount)].map(\.row)
        let open = children.filter { $0.status == .open }.count
        let unstarted = children.filter { $0.status == .unstarted }.count
        expect(open + unstarted == row.openChildren, "\(row.key) has miscounted its open children")
        expect(open > 0, "\(row.key) waits for children of whom none is open")
        if let most = maxConcurrency[row.key], most > 0 {
            expect(open <= most, "\(row.key) has \(open) open iterations, over MaxConcurrency \(most)")
        }
    }

    // MARK: Tasks

    /// A task of an activity is given once.
    func polled(_ token: String) {
        expect(polled.insert(token).inserted, "the activity's task \(token) was given twice")
    }

    /// An attempt is performed only once its Started is committed, and always with the same request id.
    func performed(_ id: AttemptID, _ attempt: TaskDriver.Attempt, in store: ModelStore) {
        performed += 1
        let key = Attempt(key: id.key, number: id.number)
        guard let request = attempts[key] else {
            return expect(false, "\(id.key) at \(id.number) is performed, but its Started is not committed")
        }
        expect(request.input == attempt.request.input, "\(id.key) is performed again with another input")
        expect(request.retryCount == attempt.request.retryCount, "\(id.key) is performed again with another retry")
        expect(request.deadline == attempt.request.deadline, "\(id.key) is performed again with another deadline")
        let known = usedRequestIDs[key]
        expect(known == nil || known == attempt.requestID, "\(id.key) is performed again with another request id")
        let owner = requestIDs[attempt.requestID]
        expect(owner == nil || owner == key, "request id \(attempt.requestID) is another attempt's")
        usedRequestIDs[key] = attempt.requestID
        requestIDs[attempt.requestID] = key
    }
}
