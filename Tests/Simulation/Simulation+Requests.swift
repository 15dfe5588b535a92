import Engine
import Interpreter
import JSON
import StatesLanguage
import Store

/// What is asked from outside.
extension Simulation {
    func startExecution(_ number: Int) {
        let revision = RevisionID(rawValue: Int64(number % interpreters.count))
        let id = ExecutionID(at: now.microseconds / 1_000, using: &random)
        let new = NewExecution(
            id: id,
            startedAt: now,
            machine: StateMachineID(rawValue: 1),
            machineName: "machine",
            revision: revision,
            roleARN: "arn:aws:iam::123456789012:role/r",
            name: nil,
            input: RandomMachine.input
        )
        guard let process = processes.first(where: { $0.incarnation != nil && draw(3) > 0 }) else {
            return after(.milliseconds(100)) { self.startExecution(number) }
        }
        trace("\(id) is started by \(process.name)")
        let reply = { (result: SubmissionResult) in
            if case .answer(.started) = result { self.accepted.insert(id) }
        }
        if draw(3) > 0 {
            process.incarnation?.start(new, interpreter(of: revision), reply: reply)
        } else {
            process.queue?.submit(.start(leaving(new)), reply: reply)
        }
    }

    /// A start by a process that leaves it to others.
    private func leaving(_ new: NewExecution) -> StartSubmission {
        let interpreter = interpreter(of: new.revision)
        let transition = interpreter.started(info(new.id, at: now))
        var lane = ""
        if case .task(let task)? = interpreter.definition.state(named: transition.branch.state)?.body {
            lane = task.resource.laneToBegin
        }
        return StartSubmission(
            id: new.id,
            machine: new.machine,
            revision: new.revision,
            name: nil,
            input: new.input,
            deadline: interpreter.definition.timeoutSeconds.map { now + .seconds($0) },
            at: now,
            transition: transition,
            lane: lane
        )
    }

    func info(_ id: ExecutionID, at time: Timestamp, input: JSONText = RandomMachine.input) -> ExecutionInfo {
        ExecutionInfo(
            id: schedule.settings.arns.execution(id.description, of: "machine").description,
            name: id.description,
            input: input,
            roleARN: "arn:aws:iam::123456789012:role/r",
            startTime: time,
            redriveCount: 0,
            stateMachineID: schedule.settings.arns.stateMachine("machine").description,
            stateMachineName: "machine"
        )
    }

    func stopExecution() {
        let running = store.executions.filter { $0.end == nil }
        guard !running.isEmpty else { return }
        stop(running[draw(running.count)].start.id, isTimeout: false)
    }

    func stop(_ id: ExecutionID, isTimeout: Bool) {
        guard let queue = processes.compactMap(\.queue).first else { return }
        trace("\(id) is to be \(isTimeout ? "timed out" : "stopped")")
        let failure = Failure(error: isTimeout ? "States.Timeout" : "Stopped", cause: nil)
        let submission = StopSubmission(execution: id, failure: failure, isTimeout: isTimeout, at: now)
        queue.submit(.stop(submission)) { result in
            guard case .answer(.stopped(_, let revoked)) = result else { return }
            if !revoked.isEmpty { self.revoke(revoked) }
        }
    }

    /// What a Task that waits for its token is answered, sooner or later, and maybe twice.
    func callBack(_ key: BranchKey, _ token: String, _ answer: TaskAnswers.Answer) {
        let happening: RecordedHappening
        var delays = 0...300
        switch answer {
        case .succeeds(let output): happening = .succeeded(output)
        case .fails(let failure): happening = .failed(failure)
        case .hangs(let output):
            happening = .succeeded(output)
            delays = 3_000...22_000
        }
        for _ in 0...draw(2) {
            after(duration(delays)) { [self] in
                let queues = processes.compactMap(\.queue)
                guard !queues.isEmpty else { return }
                let callback = CallbackSubmission(key: key, token: token, happening: happening, at: now)
                queues[draw(queues.count)].submit(.callback(callback)) { result in
                    if case .answer(.reached) = result { self.notify() }
                }
            }
        }
    }

    /// Polls for activities' tasks, as ``ActivityPolls`` does, and answers those that it is given.
    func pollActivities() {
        after(duration(10...400)) { self.pollActivities() }
        let queues = processes.compactMap(\.queue)
        guard store.isUp, !queues.isEmpty else { return }
        for one in store.offered(in: RandomMachine.activity, at: now) where draw(3) > 0 {
            let info = info(one.key.execution, at: one.execution.startedAt)
            guard let token = one.branch.taskToken,
                let transition = interpreter(of: one.revision).activityStarted(one.branch, of: info, by: nil, at: now),
                case .await(let request) = transition.directive
            else { continue }
            let submission = ActivitySubmission(
                key: one.key,
                parent: one.parent,
                lane: RandomMachine.activity,
                number: one.number,
                transition: transition,
                until: ActivityPolls.until(transition.branch, at: now),
                at: now
            )
            queues[draw(queues.count)].submit(.activity(submission)) { result in
                guard case .answer(.committed) = result else { return }
                self.checks.polled(token)
                self.callBack(one.key, token, self.schedule.answers.answer(request))
            }
        }
    }
}
