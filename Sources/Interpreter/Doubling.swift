import JSON
import StatesLanguage

/// Attempts that give what a test case says. Source: Step Functions developer guide, "Testing with mocked service integrations".
extension Walk {
    /// Whether nothing performs a state's Tasks, because the execution's test case says what they give.
    func isDoubled(_ state: State) -> Bool { execution.doubles?.cover(state.name) ?? false }

    /// Ends an attempt that has just begun as its test case says; the history is that of one that was performed.
    mutating func double(_ task: TaskState, in state: State) throws(Fault) -> Step {
        guard let doubles = execution.doubles else { throw .runtime("There is no test case.") }
        if task.resource.eventKind == .activity { append(TaskEvents.activityStarted(workerName: nil, after: previous)) }
        let attempt = branch.retries.total
        switch doubles.response(of: state.name, attempt: attempt) {
        case .result(let result):
            if task.resource.isEndedFromOutside {
                append(TaskEvents(of: task.resource).submitted(output: result, after: previous))
            }
            branch.phase = .awaiting
            return try finish(task, in: state, with: result)
        case .failure(let error, let cause):
            return failAttempt(of: task, in: state, with: Failure(error: error, cause: cause))
        case nil:
            throw .runtime("The test case '\(doubles.testCase)' has no response for attempt \(attempt) of the state.")
        }
    }
}
