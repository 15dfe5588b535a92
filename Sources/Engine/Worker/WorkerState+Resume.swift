import Interpreter
import JSON
import StatesLanguage
import Store

extension WorkerState {
    /// Takes a held branch on with its happening: to a transition that is to be committed, or to its Task again.
    mutating func resume(_ key: BranchKey, at now: Timestamp) -> [WorkerAction] {
        guard var branch = held[key], let interpreter = interpreters[branch.revision] else { return [] }
        // The database leased it when it was due: a clock that lags behind must not find that too early.
        let now = max(now, branch.leasedAt)
        let execution = info(of: branch)
        if case .begin = branch.happening {
            switch branch.branch.phase {
            case .performing: return takeOver(key, interpreter, execution, at: now)
            case .distributed:
                if let request = interpreter.mapRun(of: branch.branch) { return map(key, request, at: now) }
                branch.happening = .broken(cause: "The run of '\(branch.branch.state)' cannot be read back.")
            case .awaiting where isOver(branch.branch, at: now):
                // Woken by a clock, not by anything from outside: its deadline's, or else its heartbeat's.
                let isDeadline = branch.branch.deadline.map { $0 <= now } ?? false
                branch.happening = .timedOut(heartbeat: !isDeadline)
            default: break
            }
        }
        let number = branch.number
        var generator = branch.generator
        let places = places(for: branch, at: now)
        let token = { [makeToken] in makeToken(key, number) }
        let transition = interpreter.resume(
            branch.branch,
            of: execution,
            with: branch.happening,
            at: now,
            nextEventID: branch.lastEventID.map { $0 + 1 },
            using: &generator,
            token: token,
            mayPerform: { places.allow($0.lane) },
            isMissing: { [missing = branch.missingActivity] in missing != nil && $0.text == missing }
        )
        if case .await(let request) = transition.directive, request.resource.eventKind == .activity,
            transition.branch.deadline == nil, !branch.isActivityKnown
        {
            branch.stage = .reading
            held[key] = branch
            return [.findActivity(key, branch.lease, request.resource.text)]
        }
        let before = branch.branch
        branch.stage = .committing(transition, before: before)
        held[key] = branch
        return [.commit(submission(for: key, transition, interpreter, at: now))]
    }

    /// A Task's attempt that another worker had begun, or that came back to this one: performed again, with the same
    /// request id and deadline; or failed, where it was declared so (DESIGN §3).
    private mutating func takeOver(
        _ key: BranchKey,
        _ interpreter: Interpreter,
        _ execution: ExecutionInfo,
        at now: Timestamp
    ) -> [WorkerAction] {
        guard var branch = held[key] else { return [] }
        guard let request = interpreter.request(of: branch.branch, of: execution) else {
            branch.happening = .broken(cause: "The attempt of '\(branch.branch.state)' cannot be read back.")
            held[key] = branch
            return resume(key, at: now)
        }
        let lane = request.resource.lane
        if let deadline = branch.branch.deadline, deadline <= now {
            branch.happening = .timedOut(heartbeat: false)
        } else if driver.failsOnWorkerLoss(request) {
            branch.happening = .failed(.workerLost)
        } else if places(for: branch, at: now).allow(lane) {
            reserve(request, for: &branch)
            held[key] = branch
            return perform(key, request)
        } else {
            // Served elsewhere, or by this worker later: back into its lane, with nothing written.
            let transition = Transition(branch: branch.branch, directive: .proceed)
            branch.stage = .committing(transition, before: branch.branch)
            held[key] = branch
            var submission = submission(for: key, transition, interpreter, at: now)
            submission.isHandedBack = true
            return [.commit(submission)]
        }
        held[key] = branch
        return resume(key, at: now)
    }

    /// What is submitted for a transition: whether the branch is kept, and what its children need.
    mutating func submission(
        for key: BranchKey,
        _ transition: Transition,
        _ interpreter: Interpreter,
        at now: Timestamp
    ) -> TransitionSubmission {
        guard var branch = held[key] else {
            return TransitionSubmission(
                key: key,
                parent: nil,
                lease: Lease(worker: id, number: 0),
                number: 0,
                transition: transition,
                at: now
            )
        }
        let doubles = branch.execution.doubles
        let lanes = lanes(of: transition.directive, interpreter, doubles)
        let share = share(of: transition.directive, lanes)
        let count = max(1, share)
        let first = reserveLeases(count)
        branch.givenLeases = first..<(first + Int64(count))
        branch.promised = share
        promised += share
        if case .perform(let request) = transition.directive { reserve(request, for: &branch) }
        branch.transitions += 1
        held[key] = branch
        let next = lane(of: transition, interpreter, doubles)
        var submission = TransitionSubmission(
            key: key,
            parent: branch.parent,
            lease: branch.lease,
            number: branch.number,
            transition: transition,
            at: now,
            takesUp: branch.takesUp,
            keeps: keeps(transition, next, branch, at: now),
            lane: next,
            lanes: lanes,
            share: share,
            firstLease: first,
            takesOver: !isDraining,
            aborted: { interpreter.aborted(Branch(standingAt: $0)) },
            // Siblings that began together are out of time together, though their clocks were started one after the other.
            timedOut: { interpreter.timedOut(Branch(standingAt: $0), at: now + .milliseconds(250)) }
        )
        submission.isIteration = branch.execution.mapRun != nil
        submission.awaitUntil = awaitUntil(transition, at: now)
        if case .broken = branch.happening { submission.isBroken = true }
        if case .perform(let request) = transition.directive {
            submission.failsOnLoss = driver.failsOnWorkerLoss(request)
        }
        return submission
    }

    /// Whether the worker goes on with a branch after a transition.
    private func keeps(_ transition: Transition, _ lane: String, _ branch: HeldBranch, at now: Timestamp) -> Bool {
        switch transition.directive {
        case .perform: return true
        case .distribute: return !isDraining
        case .proceed:
            let places = places(for: branch, at: now)
            guard places.isOpen else { return false }
            guard transition.branch.phase != .entering, !lane.isEmpty else { return true }
            // It stopped before an attempt: because it cannot perform it now, unless it only settles an event's id.
            return places.allow(lane)
        case .await, .sleep, .fork, .complete, .fail: return false
        }
    }

    /// What decides whether this worker begins an attempt of a branch now.
    ///
    /// A copy: the state goes on changing.
    func places(for branch: HeldBranch, at now: Timestamp) -> Places {
        Places(
            driver: driver,
            taken: taken,
            unserved: unserved,
            isOpen: !isDraining && !hasOverstayed(branch, at: now)
        )
    }

    /// Whether a branch has been kept so long that others should have its worker, where others may be waiting.
    ///
    /// A worker that holds thousands keeps each for longer, so that it gives back no more than a thousand a second: to lease a
    /// branch costs as much as some of its transitions.
    private func hasOverstayed(_ branch: HeldBranch, at now: Timestamp) -> Bool {
        guard isCrowded else { return false }
        let time = max(settings.keptTime, .milliseconds(held.count))
        return branch.transitions >= settings.keptTransitions || now - branch.heldSince >= time
    }

    /// Takes a place for a branch's attempt, from before Started is written until the attempt has ended.
    mutating func reserve(_ request: TaskRequest, for branch: inout HeldBranch) {
        guard branch.reserved == nil else { return }
        let pool = driver.pool(request.laneInvoked)
        taken[pool, default: 0] += 1
        branch.reserved = pool
    }

    /// What a branch needs next: the Resource that it will perform, or nothing.
    func lane(of transition: Transition, _ interpreter: Interpreter, _ doubles: TestDoubles? = nil) -> String {
        guard let state = interpreter.definition.state(named: transition.branch.state),
            case .task(let task) = state.body, doubles?.cover(state.name) != true
        else { return "" }
        // In its activity's lane stands only what is offered to those who poll.
        guard case .await(let request) = transition.directive else {
            return task.resource.laneToBegin
        }
        return request.resource.isOffered(transition.branch) ? task.resource.lane : ""
    }

    /// How many children of a fork this worker takes at once: its share among the workers, no more than it has room for,
    /// and no more than it has places for what they need first.
    private func share(of directive: Directive, _ lanes: [String: String]) -> Int {
        guard case .fork(let fork) = directive else { return 0 }
        let started = fork.maxConcurrency == 0 ? fork.children.count : min(fork.maxConcurrency, fork.children.count)
        var share = min(room, (started + workers - 1) / workers)
        for lane in lanes.values where !lane.isEmpty && !isUnserved(lane) {
            share = driver.serves(lane) ? min(share, freePlaces(of: lane)) : 0
        }
        return share
    }

    private func lanes(
        of directive: Directive,
        _ interpreter: Interpreter,
        _ doubles: TestDoubles?
    ) -> [String: String] {
        guard case .fork(let fork) = directive else { return [:] }
        var lanes: [String: String] = [:]
        for child in fork.children where lanes[child.state] == nil {
            if let state = interpreter.definition.state(named: child.state), case .task(let task) = state.body,
                doubles?.cover(state.name) != true
            {
                lanes[child.state] = task.resource.laneToBegin
            } else {
                lanes[child.state] = ""
            }
        }
        return lanes
    }

    func info(of branch: HeldBranch) -> ExecutionInfo { settings.info(of: branch.execution) }

    /// An activity was looked for.
    ///
    /// Without it, its attempt is not begun: nobody could end it. Source: reference §16.
    mutating func foundActivity(
        _ key: BranchKey,
        _ lease: Lease,
        _ text: String,
        exists: Bool,
        at now: Timestamp
    ) -> [WorkerAction] {
        guard var branch = held[key], branch.lease == lease, case .reading = branch.stage else { return [] }
        branch.isActivityKnown = exists
        branch.missingActivity = exists ? nil : text
        held[key] = branch
        return resume(key, at: now)
    }

    /// Whether a clock of an attempt that awaits something has run out: it was leased at its deadline or its heartbeat's.
    private func isOver(_ branch: Branch, at now: Timestamp) -> Bool {
        branch.deadline.map { $0 <= now } ?? false || branch.heartbeat != nil
    }

    /// Until when an attempt awaits something from outside: its deadline, or its heartbeat's; an activity's that nobody has
    /// taken is there for whoever asks.
    func awaitUntil(_ transition: Transition, at now: Timestamp) -> Timestamp? {
        guard case .await(let request) = transition.directive else { return nil }
        if request.resource.isOffered(transition.branch) { return now }
        return ActivityPolls.until(transition.branch, at: now)
    }
}

extension Failure {
    /// What becomes of an attempt that is not to be performed again after its worker was lost.
    static let workerLost = Failure(error: ErrorName.taskFailed, cause: "The worker that performed the task was lost.")
}

extension TaskRequest {
    /// The lane of what is invoked, where only the input of `lambda:invoke` says which function that is.
    fileprivate var laneInvoked: String {
        guard case .service(let service) = resource.kind, service.isLambdaInvoke, resource.lane == resource.text else {
            return resource.lane
        }
        return input.value["FunctionName"]?.string ?? resource.lane
    }
}

extension Branch {
    /// A branch as far as its row tells where it stands, without payloads: for what ends it from outside.
    fileprivate init(standingAt row: BranchRow) {
        self.init(
            kind: row.kind,
            state: row.state,
            phase: row.phase,
            input: JSONText(trusted: "null"),
            previousEventID: row.previousEventID
        )
        enteredEventID = row.enteredEventID
        deadline = row.deadline
    }
}
