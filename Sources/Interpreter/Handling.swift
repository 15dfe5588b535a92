import JSON
import StatesLanguage

/// Retry and Catch. Source: reference §10.
extension Walk {
    /// Answers a failure in a state: a retry if its Retry gives one, else where its Catch leads, else the branch fails.
    ///
    /// Retry and Catch are asked about `name` where that is not the failure's own error: a silent heartbeat shows as
    /// `States.Timeout`. `lastWord` is the event that says that the state has failed, once no retry is left
    /// (`ParallelStateFailed`).
    mutating func handle(
        _ failure: Failure,
        named name: String? = nil,
        in state: State,
        retrying: Bool = true,
        lastWord: HistoryEventType? = nil
    ) -> Step {
        let name = name ?? failure.error ?? ""
        probe?.handled = failure
        if retrying, let delay = retry(name, in: state) {
            // Also an attempt that succeeded, and whose result does not fit where it should go, is over.
            let kept = branch.taskInput
            branch.endAttempt()
            branch.taskInput = kept
            branch.phase = .backingOff
            return .pause(.sleep(until: now + delay))
        }
        if let lastWord { append(HistoryEvent(lastWord, after: previous)) }
        guard let index = state.catchers.firstIndex(where: { $0.matches(error: name) }) else {
            return fail(with: failure, in: state)
        }
        do throws(Fault) {
            return try follow(state.catchers[index], at: index, of: state, after: failure)
        } catch {
            let second = self.failure(of: error, in: state)
            noteEvaluation(of: error, as: second, in: state)
            return fail(with: second, in: state)
        }
    }

    /// Counts a retry, and returns the wait before it; `nil` if there is none.
    ///
    /// Only the first retrier that matches counts: once it is used up, later ones are not tried.
    private mutating func retry(_ name: String, in state: State) -> Duration? {
        guard let index = state.retriers.firstIndex(where: { $0.matches(error: name) }) else { return nil }
        let made = index < branch.retries.counts.count ? branch.retries.counts[index] : 0
        probe?.inspection.retryIndex = index
        guard let delay = state.retriers[index].delay(beforeRetry: made + 1) else { return nil }
        let missing = index + 1 - branch.retries.counts.count
        if missing > 0 { branch.retries.counts += Array(repeating: 0, count: missing) }
        branch.retries.counts[index] = made + 1
        let wait =
            switch state.retriers[index].jitter {
            case .none: delay
            case .full: delay * Double.random(in: 0...1, using: &random)
            }
        probe?.inspection.retryDelay = wait
        return wait
    }

    /// Leaves the state for where a catcher leads, with the Error Output in the state's raw input, or the catcher's Output.
    ///
    /// The state's own fields that shape its output do not apply.
    private mutating func follow(
        _ catcher: Catcher,
        at index: Int,
        of state: State,
        after failure: Failure
    ) throws(Fault) -> Step {
        // What is noted is the state's own data flow, which ended with the failure.
        probe?.isNoting = false
        let error = JSONText(failure.errorOutput)
        var scope = queryScope(in: state)
        scope.errorOutput = failure.errorOutput
        let output: JSONText
        if state.language == .jsonPath {
            output = try self.output(of: JSONPathDataFlow(resultPath: catcher.resultPath), in: state, result: error)
        } else if let template = catcher.output {
            output = JSONText(try value(of: template, in: &scope))
        } else {
            output = error
        }
        let assigned = try assigned(by: catcher.assign, from: error, in: state, scope)
        probe?.inspection.catchIndex = index
        return try leave(state, with: output, assigning: assigned, to: .next(catcher.next))
    }
}
