package import JSON
package import StatesLanguage

/// One state, worked on alone: what AWS's TestState does.
///
/// It is the engine's own walk over one state, with a ``Mock`` where the state's work would be. What needs the world
/// outside, time or a Task's attempt, it returns as a ``Step``; whoever performs it resumes the test with what came of it.
package struct StateTest: Sendable {
    /// What stands for the work of a Task, Parallel or Map.
    package enum Mock: Sendable {
        case result(JSONText)
        case failure(Failure)
    }

    /// What the state is tested on.
    package struct Conditions: Sendable {
        package var input: JSONText
        package var variables: Variables
        package var mock: Mock?
        /// What `$$` is; `nil` is that of an execution made up for the test.
        package var context: JSONValue?
        /// How often the state was retried by the retrier that the failure meets.
        package var retryCount: Int
        /// How many of a Map's iterations failed.
        package var failedIterations: Int?
        /// What a distributed Map's ItemReader would have read.
        package var items: JSONText?

        package init(
            input: JSONText,
            variables: Variables = [:],
            mock: Mock? = nil,
            context: JSONValue? = nil,
            retryCount: Int = 0,
            failedIterations: Int? = nil,
            items: JSONText? = nil
        ) {
            self.input = input
            self.variables = variables
            self.mock = mock
            self.context = context
            self.retryCount = retryCount
            self.failedIterations = failedIterations
            self.items = items
        }
    }

    /// What a test needs next.
    package enum Step: Sendable {
        /// Perform a Task's attempt; resume with what came of it.
        case perform(TaskRequest)
        /// Wait; resume with ``Happening/begin``.
        case wait(until: Timestamp)
        case ended(Outcome)
    }

    /// How a test ended.
    package struct Outcome: Sendable {
        package enum Status: Sendable {
            case succeeded, failed
            /// The failure's retrier gives another attempt.
            case retriable
            case caughtError
        }

        package var status: Status
        package var output: JSONText?
        package var failure: Failure?
        package var nextState: String?
        package var inspection: Inspection
        /// The variables that it leaves behind: those it was given, and what the state assigned.
        package var variables = Variables()

        package init(
            _ status: Status,
            output: JSONText? = nil,
            failure: Failure? = nil,
            nextState: String? = nil,
            inspection: Inspection
        ) {
            self.status = status
            self.output = output
            self.failure = failure
            self.nextState = nextState
            self.inspection = inspection
        }
    }

    /// Why the conditions do not fit the state.
    package enum Misfit: Error, Equatable {
        /// More iterations are said to have failed than there are.
        case moreFailuresThanIterations
    }

    package let state: State
    private let interpreter: Interpreter
    private let execution: ExecutionInfo
    private let conditions: Conditions
    private let context: JSONValue
    private let token: String
    private var branch: Branch
    private var inspection = Inspection()

    /// - Parameters:
    ///   - state: A state of the interpreter's definition, at whatever depth.
    ///   - interpreter: The definition, and what it may use up.
    ///   - conditions: What it is tested on.
    ///   - execution: The execution made up for the test; an empty role is none.
    ///   - token: The token of an attempt that waits for one.
    package init(
        of state: State,
        by interpreter: Interpreter,
        on conditions: Conditions,
        in execution: ExecutionInfo,
        token: String
    ) {
        self.state = state
        self.interpreter = interpreter
        self.execution = execution
        self.conditions = conditions
        self.token = token
        context = conditions.context ?? Self.context(of: execution, state, conditions, token: token)
        branch = Branch(kind: .root, state: state.name, phase: .entered, input: conditions.input)
        branch.variables = conditions.variables
        branch.enteredAt = execution.startTime
        branch.retries = Retries(counts: state.retriers.map { _ in conditions.retryCount })
    }

    /// Works on the state from its start.
    package mutating func begin(
        at now: Timestamp,
        using generator: inout some RandomNumberGenerator
    ) throws(Misfit) -> Step {
        let state = state
        return try advance(at: now, using: &generator) { walk in walk.work(on: state) }
    }

    /// Goes on with what happened.
    package mutating func resume(
        with happening: Happening,
        at now: Timestamp,
        using generator: inout some RandomNumberGenerator
    ) throws(Misfit) -> Step {
        try advance(at: now, using: &generator) { walk in walk.take(happening) }
    }

    /// The outcome of a test that was given up because it took too long.
    package var timedOut: Outcome { Outcome(.failed, failure: .timedOut, inspection: inspection) }
}

// MARK: - The walk

extension StateTest {
    private mutating func advance<Random: RandomNumberGenerator>(
        at now: Timestamp,
        using generator: inout Random,
        _ body: (inout Walk<Random>) -> Walk<Random>.Step
    ) throws(Misfit) -> Step {
        let probe = Probe(of: state, context: context, inspection: inspection)
        probe.items = conditions.items?.value.array
        var walk = Walk(
            interpreter,
            of: execution,
            with: branch,
            at: now,
            nextEventID: 1,
            token: { [token] in token },
            probe: probe,
            using: generator
        )
        let step = body(&walk)
        generator = walk.random
        branch = walk.branch
        inspection = probe.inspection
        switch step {
        case .onwards:
            let status = inspection.catchIndex == nil ? Outcome.Status.succeeded : .caughtError
            return ended(status, output: branch.input, failure: probe.handled, nextState: branch.state)
        case .pause(let directive):
            return try follow(directive, after: probe.handled, at: now, using: &generator)
        }
    }

    private mutating func follow(
        _ directive: Directive,
        after failure: Failure?,
        at now: Timestamp,
        using generator: inout some RandomNumberGenerator
    ) throws(Misfit) -> Step {
        switch directive {
        case .complete(let output): return ended(.succeeded, output: output)
        case .fail(let failure): return ended(.failed, failure: failure)
        case .sleep where branch.phase == .backingOff: return ended(.retriable, failure: failure)
        case .sleep(let until): return .wait(until: until)
        case .perform(let request), .await(let request):
            guard let mock = conditions.mock else { return .perform(request) }
            // What is mocked is the end, whatever brings it: the call's answer, a callback, a job or an activity worker.
            branch.phase = .awaiting
            return try resume(with: mock.ofTask, at: now, using: &generator)
        case .fork(let fork):
            return try resume(with: try children(of: fork), at: now, using: &generator)
        case .proceed, .distribute:
            return ended(
                .failed,
                failure: Failure(error: ErrorName.runtime, cause: "The state cannot be tested alone.")
            )
        }
    }

    /// What came of a Parallel's or Map's children.
    ///
    /// A mocked failure is the children's own. Iterations that failed beside a mocked result count against the
    /// thresholds, where the Map has any. Source: recorded test_map_state_failure_count,
    /// test_state_machine_with_state_error.
    private func children(of fork: Fork) throws(Misfit) -> Happening {
        let failed = conditions.failedIterations ?? 0
        guard failed <= fork.children.count else { throw .moreFailuresThanIterations }
        switch conditions.mock {
        case .failure(let failure): return .childFailed(failure, toleranceExceeded: false)
        case .result where fork.toleratedFailures.map { failed > $0 } ?? false:
            return .childFailed(.thresholdExceeded, toleranceExceeded: true)
        case .result(let result): return .joined(result)
        case nil: return .broken(cause: "A state of type \(state.type.rawValue) is tested with a mock only.")
        }
    }

    private func ended(
        _ status: Outcome.Status,
        output: JSONText? = nil,
        failure: Failure? = nil,
        nextState: String? = nil
    ) -> Step {
        var outcome = Outcome(status, output: output, failure: failure, nextState: nextState, inspection: inspection)
        outcome.variables = branch.variables
        return .ended(outcome)
    }
}

extension StateTest.Mock {
    fileprivate var ofTask: Happening {
        switch self {
        case .result(let result): .succeeded(result)
        case .failure(let failure): .failed(failure)
        }
    }
}
