import JSON
import StatesLanguage

/// What each happening means where the branch stands.
extension Walk {
    mutating func take(_ happening: Happening) -> Step {
        if case .broken(let cause) = happening {
            // An iteration that breaks before it has begun has begun all the same: its MapIterationFailed follows that.
            if branch.phase == .starting, case .iteration(let index) = branch.kind {
                append(iteration(.mapIterationStarted, index: index))
            }
            return broken(cause)
        }
        switch branch.phase {
        case .starting, .entering:
            guard case .begin = happening else { return misfit(happening) }
            return begin()
        case .entered, .backingOff:
            guard case .begin = happening else { return misfit(happening) }
            return inState { walk, state throws(Fault) in walk.work(on: state) }
        case .sleeping:
            guard case .begin = happening else { return misfit(happening) }
            return inState { walk, state throws(Fault) in try walk.wake(in: state) }
        case .performing, .awaiting:
            return endAttempt(by: happening)
        case .forked, .joined:
            return join(by: happening)
        case .distributed:
            return endRun(by: happening)
        }
    }

    /// Starts an iteration, and enters the first state.
    private mutating func begin() -> Step {
        if branch.phase == .starting, case .iteration(let index) = branch.kind {
            append(iteration(.mapIterationStarted, index: index))
        }
        return enter()
    }

    private mutating func endAttempt(by happening: Happening) -> Step {
        inState { walk, state throws(Fault) in
            guard case .task(let task) = state.body else { return walk.misfit(happening) }
            switch happening {
            case .begin: return walk.performAgain()
            case .succeeded(let output): return try walk.finish(task, in: state, with: output)
            case .failed(let failure): return walk.failAttempt(of: task, in: state, with: failure)
            case .timedOut(let heartbeat): return walk.timeOutAttempt(of: task, in: state, byHeartbeat: heartbeat)
            case .joined, .joinedOverLimit, .childFailed, .broken: return walk.misfit(happening)
            }
        }
    }

    private mutating func join(by happening: Happening) -> Step {
        inState { walk, state throws(Fault) in
            switch happening {
            case .joined(let outputs): return try walk.join(state, with: outputs)
            case .joinedOverLimit:
                return walk.failJoin(of: state, with: .resultTooLarge(of: state.name), retrying: false)
            case .childFailed(let failure, let toleranceExceeded):
                return walk.failJoin(of: state, with: toleranceExceeded ? .thresholdExceeded : failure)
            case .begin, .succeeded, .failed, .timedOut, .broken: return walk.misfit(happening)
            }
        }
    }

    /// Does something in the state that the branch stands in; a fault ends the state's work.
    mutating func inState(_ body: (inout Walk, State) throws(Fault) -> Step) -> Step {
        guard let state = definition.state(named: branch.state) else {
            return broken("There is no state named '\(branch.state)'.")
        }
        let before = Mark(self)
        do throws(Fault) {
            return try body(&self, state)
        } catch {
            return end(state, by: error, since: before)
        }
    }

    /// Fails the branch because what happened cannot have happened here.
    mutating func misfit(_ happening: Happening) -> Step {
        broken("The branch was resumed with '\(happening.name)' in phase '\(branch.phase)' of '\(branch.state)'.")
    }
}

extension Happening {
    /// What it is called in messages; never its payload.
    var name: String {
        switch self {
        case .begin: "begin"
        case .succeeded: "succeeded"
        case .failed: "failed"
        case .timedOut: "timedOut"
        case .joined: "joined"
        case .joinedOverLimit: "joinedOverLimit"
        case .childFailed: "childFailed"
        case .broken: "broken"
        }
    }
}
