import JSON
import StatesLanguage

/// Task: an attempt from its schedule to its end. Source: reference §11, §16, §17.
extension Walk {
    /// Begins an attempt: Scheduled and Started are written, and what is to be performed is the directive.
    mutating func attempt(_ task: TaskState, in state: State) throws(Fault) -> Step {
        let isDoubled = isDoubled(state)
        if let mayPerform, !isDoubled, !mayPerform(task.resource) { return .pause(.proceed) }
        if let isMissing, !isDoubled, isMissing(task.resource) {
            throw .runtime("The activity \(task.resource.text) does not exist.")
        }
        let kept = branch.taskInput
        branch.endAttempt()
        if task.resource.takesToken { branch.taskToken = newToken() }
        let input = try attemptInput(of: task, in: state, kept: kept)
        let events = TaskEvents(of: task.resource)
        guard input.byteCount <= limits.maxPayloadBytes else { throw .parametersTooLarge(for: events.subject) }
        let schedule = try schedule(task, in: state, input: input)
        append(events.scheduled(schedule, after: previous))
        branch.heartbeat = schedule.heartbeatSeconds.map { .seconds($0) }
        guard let started = events.started(after: previous) else {
            if isDoubled { return try double(task, in: state) }
            branch.phase = .awaiting  // An activity: its clocks start when a worker takes it.
            return .pause(.await(request(task, in: state, input: input)))
        }
        append(started)
        if isDoubled { return try double(task, in: state) }
        branch.phase = .performing
        branch.deadline = schedule.timeoutSeconds.map { now + .seconds($0) }
        return .pause(.perform(request(task, in: state, input: input)))
    }

    /// The attempt succeeded, or its call did and what ends it is still to come.
    mutating func finish(_ task: TaskState, in state: State, with result: JSONText) throws(Fault) -> Step {
        let events = TaskEvents(of: task.resource)
        if branch.phase == .performing, task.resource.isEndedFromOutside {
            append(events.submitted(output: result, after: previous))
            branch.phase = .awaiting
            return performAgain()
        }
        guard result.byteCount <= limits.maxPayloadBytes else {
            return failAttempt(of: task, in: state, with: .resultTooLarge(of: events.subject))
        }
        append(events.succeeded(output: result, after: previous))
        let output = try output(of: task.dataFlow, in: state, result: result)
        let assign = task.dataFlow.assign
        let scope = assign.map { _ in queryScope(in: state, result: result) }
        let assigned = try assigned(by: assign, from: result, in: state, scope)
        return try leave(state, with: output, assigning: assigned, to: task.successor)
    }

    mutating func failAttempt(of task: TaskState, in state: State, with failure: Failure) -> Step {
        append(TaskEvents(of: task.resource).failed(failure, after: previous))
        return answer(failure, in: state)
    }

    /// The attempt's deadline has passed, or its heartbeat's: the events say `States.Timeout` of both.
    mutating func timeOutAttempt(of task: TaskState, in state: State, byHeartbeat: Bool) -> Step {
        append(TaskEvents(of: task.resource).timedOut(after: previous))
        return answer(.timedOut, named: byHeartbeat ? ErrorName.heartbeatTimeout : nil, in: state)
    }

    /// A worker has taken the activity's attempt: its clocks start.
    mutating func startActivity(workerName: String?) -> Transition? {
        guard let (task, state) = task, task.resource.eventKind == .activity else { return nil }
        append(TaskEvents.activityStarted(workerName: workerName, after: previous))
        // The path gave a number when the attempt was scheduled, from the same input.
        let timeout = try? seconds(task.timeout, field: "TimeoutSecondsPath", of: task, in: state)
        branch.deadline = timeout.map { now + .seconds($0) }
        guard let request = request() else { return nil }
        return Transition(events: events, branch: branch, directive: .await(request), chainEnd: chainEnd)
    }

    /// The attempt goes on, here or with another holder of the lease: the request is the same.
    mutating func performAgain() -> Step {
        guard let request = request() else { return broken("The attempt of '\(branch.state)' has no request.") }
        return .pause(branch.phase == .awaiting ? .await(request) : .perform(request))
    }

    /// The request of the attempt under way; `nil` if there is none.
    mutating func request() -> TaskRequest? {
        guard let (task, state) = task,
            let input = try? branch.taskInput ?? effectiveInput(of: task.dataFlow, in: state)
        else { return nil }
        return request(task, in: state, input: input)
    }

    // MARK: - Parts

    private var task: (task: TaskState, state: State)? {
        guard let state = definition.state(named: branch.state), case .task(let task) = state.body else { return nil }
        return (task, state)
    }

    private mutating func answer(_ failure: Failure, named name: String? = nil, in state: State) -> Step {
        // A retry keeps the effective input where it has to be the same again; the rest of the attempt is over.
        let step = handle(failure, named: name, in: state)
        if branch.phase != .backingOff { branch.endAttempt() }
        return step
    }

    /// The effective input: evaluated anew, unless it was drawn at random; then a retry has the same.
    private mutating func attemptInput(
        of task: TaskState,
        in state: State,
        kept: JSONText?
    ) throws(Fault) -> JSONText {
        let flow = task.dataFlow
        if let kept, !flow.readsContext {
            branch.taskInput = kept
            return kept
        }
        let input = try effectiveInput(of: flow, in: state)
        if !flow.isInputDeterministic { branch.taskInput = input }
        return input
    }

    private mutating func schedule(
        _ task: TaskState,
        in state: State,
        input: JSONText
    ) throws(Fault) -> TaskEvents.Schedule {
        TaskEvents.Schedule(
            input: input,
            region: limits.region,
            timeoutSeconds: try seconds(task.timeout, field: "TimeoutSecondsPath", of: task, in: state),
            heartbeatSeconds: try seconds(task.heartbeat, field: "HeartbeatSecondsPath", of: task, in: state),
            credentials: try credentials(of: task, in: state)
        )
    }

    private mutating func seconds(
        _ field: TimeField?,
        field name: String,
        of task: TaskState,
        in state: State
    ) throws(Fault) -> Int? {
        switch field {
        case nil: return nil
        case .seconds(let seconds): return seconds
        case .path(let path):
            do {
                return try path.taskSeconds(field: name, in: selectedScope(of: task.dataFlow, in: state))
            } catch {
                throw Fault(error)
            }
        case .expression(let expression):
            var scope = queryScope(in: state)
            do { return try scope.seconds(expression, least: 1, using: &random) } catch { throw Fault(error) }
        }
    }

    /// `taskCredentials` of the Scheduled event, its member as AWS's API spells it.
    private mutating func credentials(of task: TaskState, in state: State) throws(Fault) -> JSONValue? {
        let value: JSONValue
        switch task.credentials {
        case nil: return nil
        case .payload(let template):
            let scope: Scope
            do { scope = try selectedScope(of: task.dataFlow, in: state) } catch { throw Fault(error) }
            value = try self.value(of: template, in: scope)
        case .query(let template):
            var scope = queryScope(in: state)
            value = try self.value(of: template, in: &scope)
        }
        guard let role = value["RoleArn"] else { return value }
        return ["roleArn": role]
    }

    private func request(_ task: TaskState, in state: State, input: JSONText) -> TaskRequest {
        TaskRequest(
            state: state.name,
            resource: task.resource,
            input: input,
            heartbeat: branch.heartbeat,
            deadline: branch.deadline,
            retryCount: branch.retries.total,
            token: branch.taskToken
        )
    }

    private mutating func newToken() -> String {
        if let makeToken { return makeToken() }
        return String(random.next(), radix: 36) + String(random.next(), radix: 36)
    }
}

extension Resource {
    /// Whether what ends an attempt is another event than the call's answer.
    var isEndedFromOutside: Bool {
        switch pattern {
        case .sync, .sync2, .waitForTaskToken: true
        case .requestResponse, nil: false
        }
    }

    /// Whether an attempt has a token, by which what ends it from outside finds it.
    var takesToken: Bool { isEndedFromOutside || eventKind == .activity }
}
