package import Interpreter
import JSON
package import StatesLanguage
package import Store

extension WorkerState {
    /// Makes the submission that starts an execution, which this worker takes if it has room.
    ///
    /// A child of a map run begins in the Map's own graph, and is taken if `takes`; if not, only where it ends at once, which
    /// is less than to leave it to anyone.
    package mutating func start(
        _ new: NewExecution,
        _ interpreter: Interpreter,
        from graph: StateGraph? = nil,
        takes: Bool = true,
        at now: Timestamp
    ) -> StartSubmission {
        if interpreters[new.revision] == nil { know(interpreter, of: new.revision) }
        var execution = LeasedExecution(
            id: new.id,
            name: new.name ?? new.id.description,
            machineName: new.machineName,
            roleARN: new.roleARN,
            input: new.input,
            startedAt: now,
            isNested: new.startedBy != nil
        )
        execution.doubles = new.doubles
        execution.mapRun = new.mapRun
        execution.traceHeader = new.traceHeader
        let key = BranchKey(new.id, 0)
        var takes = takes && room > 0
        let lease = Lease(worker: id, number: reserveLeases(1))
        var branch = HeldBranch(
            LeasedBranch(
                key: key,
                parent: nil,
                lease: lease,
                number: 0,
                branch: Branch(
                    kind: .root,
                    state: (graph ?? interpreter.definition.root).startAt,
                    input: new.input
                ),
                revision: new.revision,
                execution: execution
            ),
            at: now
        )
        let info = new.qualify(info(of: branch), by: settings.arns)
        var generator = branch.generator
        let places = places(for: branch, at: now)
        var transition =
            room > 0
            ? interpreter.start(
                info,
                from: graph,
                at: now,
                using: &generator,
                token: { [makeToken] in makeToken(key, 0) },
                mayPerform: { [takes] in takes && places.allow($0.lane) }
            ) : interpreter.started(info, from: graph)
        switch transition.directive {
        case .complete, .fail: takes = true
        case .await: transition = interpreter.started(info, from: graph)
        case .proceed, .perform, .sleep, .fork, .distribute:
            if !takes { transition = interpreter.started(info, from: graph) }
        }
        branch.branch = transition.branch
        held[key] = branch
        branch.stage = .committing(transition, before: transition.branch)
        held[key] = branch
        let one = submission(for: key, transition, interpreter, at: now)
        var start = StartSubmission(
            id: new.id,
            machine: new.machine,
            revision: new.revision,
            name: new.name,
            input: new.input,
            traceHeader: new.traceHeader,
            // A machine's TimeoutSeconds is its own execution's, whose end is that of its children too.
            deadline: graph == nil ? interpreter.definition.timeoutSeconds.map { now + .seconds($0) } : nil,
            at: now,
            transition: transition,
            lease: takes ? lease : nil,
            lane: one.lane
        )
        start.version = new.version
        start.alias = new.alias
        start.startedBy = new.startedBy
        start.link = new.link
        start.doubles = new.doubles
        start.mapRun = new.mapRun
        start.itemCount = new.itemCount
        start.keeps = one.keeps
        start.lanes = one.lanes
        start.failsOnLoss = one.failsOnLoss
        start.share = one.share
        start.firstLease = one.firstLease
        if !takes { forget(key) }
        return start
    }

    /// A start that was left to anyone may have come back as a leased branch before its answer: that one stays as it is.
    mutating func started(
        _ key: BranchKey,
        _ lease: Lease?,
        _ result: SubmissionResult,
        at now: Timestamp
    ) -> [WorkerAction] {
        let isHeld = lease != nil && held[key]?.lease == lease
        switch result {
        case .answer(.started(let committed)):
            guard isHeld else { return committed.wokenLanes.isEmpty ? [] : [.wake(committed.wokenLanes)] }
            return go(on: key, with: committed, at: now)
        case .answer, .refused, .unknown:
            if isHeld { forget(key) }
            return []
        }
    }

    mutating func answered(
        _ key: BranchKey,
        _ lease: Lease,
        _ result: SubmissionResult,
        at now: Timestamp
    ) -> [WorkerAction] {
        guard var branch = held[key], branch.lease == lease, case .committing(_, let before) = branch.stage else {
            return []
        }
        switch result {
        case .answer(.committed(let committed)): return go(on: key, with: committed, at: now)
        case .answer, .unknown: return lose(key, lease)
        case .refused(let reason):
            // The branch fails instead, from where it stood; if the database refuses that too, its lease is left to lapse.
            if case .broken = branch.happening { return lose(key, lease) }
            if let pool = branch.reserved { giveBack(pool) }
            branch.reserved = nil
            promised -= branch.promised
            branch.promised = 0
            branch.branch = before
            branch.happening = .broken(cause: "The database refused the transition: \(reason)")
            held[key] = branch
            return [.note(.refused(key, place(of: branch), reason: reason))] + resume(key, at: now)
        }
    }

    /// Does what the committed transition's directive asks for, and takes up what the commit gave.
    private mutating func go(on key: BranchKey, with committed: Committed, at now: Timestamp) -> [WorkerAction] {
        guard var branch = held[key], case .committing(let transition, let before) = branch.stage else { return [] }
        let nested = nestedActions(after: transition, before, of: branch)
        promised -= branch.promised
        branch.promised = 0
        branch.branch = transition.branch
        branch.branch.previousEventID = committed.previousEventID
        branch.branch.enteredEventID = committed.enteredEventID
        branch.number = committed.number
        branch.happening = .begin
        branch.takesUp = false
        if branch.key.isRoot { branch.lastEventID = committed.lastEventID }
        branch.stage = .reading
        held[key] = branch
        var actions: [WorkerAction] = []
        if committed.isHeld {
            if case .perform(let request) = transition.directive {
                actions = perform(key, request)
            } else if case .distribute(let request) = transition.directive {
                actions = map(key, request, at: now)
            } else {
                if let pool = branch.reserved { giveBack(pool) }
                branch.reserved = nil
                held[key] = branch
                actions = resume(key, at: now)
            }
        } else {
            if key.isRoot, case .fail(let failure) = transition.directive {
                actions.append(.note(.failed(place(of: branch), error: failure.error)))
            }
            forget(key)
        }
        var unread: [(key: BranchKey, lease: Lease)] = []
        for taken in committed.taken {
            guard var child = taken.child else {
                unread.append((taken.key, taken.lease))
                continue
            }
            let parent = taken.key.branch > key.branch && transition.directive.isFork ? key.branch : branch.parent
            // A sibling has the same variables around it; a child was given them by the fork.
            if parent != key.branch { child.variables.outer = branch.branch.variables.outer }
            let own = HeldBranch(taken.key, taken.lease, child, parent: parent, like: branch, at: now)
            actions += take(own, at: now)
        }
        if !unread.isEmpty {
            reading.formUnion(unread.map(\.lease))
            actions.append(.read(unread))
        }
        actions += nested
        if !committed.wokenLanes.isEmpty { actions.append(.wake(committed.wokenLanes)) }
        if !committed.revoked.isEmpty {
            for revoked in committed.revoked { actions += lose(revoked.key, revoked.lease) }
            actions.append(.revoke(committed.revoked))
        }
        return actions
    }

    // MARK: Tasks

    /// Has an attempt performed whose Scheduled and Started are committed.
    mutating func perform(_ key: BranchKey, _ request: TaskRequest) -> [WorkerAction] {
        guard var branch = held[key] else { return [] }
        branch.stage = .performing(request)
        held[key] = branch
        if let deadline = request.deadline { deadlines.insert(key, deadline) }
        let attempt = TaskDriver.Attempt(
            request: request,
            requestID: branch.requestID,
            execution: settings.arns.execution(branch.execution.name, of: branch.execution.machineName).description,
            trace: settings.context(of: branch.execution, from: branch.branch.previousEventID)
        )
        let perform = WorkerAction.perform(branch.attempt, attempt, deadline: request.deadline)
        guard !driver.serves(request.resource.lane) else { return [perform] }
        return [
            .note(.unserved(lane: request.resource.lane, key, place(of: branch))), perform,
        ]
    }

    mutating func performed(
        _ attempt: AttemptID,
        _ outcome: TaskDriver.Outcome,
        at now: Timestamp
    ) -> [WorkerAction] {
        switch outcome {
        case .succeeded(let result): endAttempt(attempt, .succeeded(result), at: now)
        case .failed(let failure): endAttempt(attempt, .failed(failure), at: now)
        case .timedOut: timeOut(attempt, at: now)
        }
    }

    mutating func passedDeadline(_ attempt: AttemptID, at now: Timestamp) -> [WorkerAction] {
        timeOut(attempt, at: now)
    }

    /// Ends an attempt by its deadline, and before it those of the same execution that were due no later.
    ///
    /// Of siblings that began together the first is the one that fails their parent: the order of their alarms, which is
    /// any order, must not decide that.
    private mutating func timeOut(_ attempt: AttemptID, at now: Timestamp) -> [WorkerAction] {
        guard let late = held[attempt.key], late.attempt == attempt, case .performing(let request) = late.stage else {
            return []
        }
        let due = request.deadline.map { deadlines.due(until: attempt.key, $0) } ?? [attempt.key]
        var actions: [WorkerAction] = []
        for key in due {
            guard let branch = held[key] else { continue }
            actions.append(.cancel(branch.attempt))
            actions += endAttempt(branch.attempt, .timedOut(heartbeat: false), at: now)
        }
        return actions
    }

    /// An attempt ends once; what comes after its end, or for a lease that is gone, is dropped.
    private mutating func endAttempt(
        _ attempt: AttemptID,
        _ happening: Happening,
        at now: Timestamp
    ) -> [WorkerAction] {
        guard var branch = held[attempt.key], branch.attempt == attempt, case .performing(let request) = branch.stage
        else { return [] }
        if let deadline = request.deadline { deadlines.remove(attempt.key, deadline) }
        if let pool = branch.reserved { giveBack(pool) }
        branch.reserved = nil
        branch.happening = happening
        held[attempt.key] = branch
        return resume(attempt.key, at: now)
    }
}

extension Directive {
    /// Whether the branch ends.
    var isEnd: Bool {
        switch self {
        case .complete, .fail: true
        case .proceed, .perform, .await, .sleep, .fork, .distribute: false
        }
    }

    var isFork: Bool {
        if case .fork = self { true } else { false }
    }
}
