package import StatesLanguage

/// Decides what happens next in the executions of one definition.
///
/// Every call takes a branch from one durable point to the next and touches nothing: the time, randomness and ids that it
/// needs are arguments, and what it decides is the ``Transition`` that it returns. States that need nothing from outside
/// chain within one call.
///
/// ## Task tokens
/// An attempt that ends by a callback needs a token before its input is evaluated, which may hold it. At most one attempt
/// begins in a call, so each call takes at most one token, from `token`. A caller whose tokens must be unguessable makes
/// them there, for example from a secret, the branch and the transition's number; without it a token is drawn from the
/// generator, and is as guessable as the generator's seed.
///
/// ## Who performs
/// Before an attempt is begun, `mayPerform` is asked whether the caller can perform it now. If not, nothing of the attempt
/// is written: the transition ends with ``Directive/proceed`` before it, for whoever can.
package struct Interpreter: Sendable {
    package let definition: StateMachineDefinition
    package let limits: Limits

    package init(definition: StateMachineDefinition, limits: Limits = Limits()) {
        self.definition = definition
        self.limits = limits
    }
}

extension Interpreter {
    /// Starts an execution: ExecutionStarted, then the chain of states up to the first durable point.
    package func start(
        _ execution: ExecutionInfo,
        from graph: StateGraph? = nil,
        at now: Timestamp,
        using generator: inout some RandomNumberGenerator,
        token: (() -> String)? = nil,
        mayPerform: ((Resource) -> Bool)? = nil
    ) -> Transition {
        let started = started(execution, from: graph)
        var walk = Walk(
            self,
            of: execution,
            with: started.branch,
            at: now,
            nextEventID: 1,
            token: token,
            mayPerform: mayPerform,
            using: generator
        )
        walk.events = started.events
        defer { generator = walk.random }
        return walk.run { walk in walk.enter() }
    }

    /// Returns how an execution ends that needs nothing from outside, without its history; `nil` where it needs something, and
    /// where only the history tells what becomes of it.
    ///
    /// Nothing of it was performed then: it can be started.
    package func ending(
        _ execution: ExecutionInfo,
        from graph: StateGraph? = nil,
        at now: Timestamp,
        using generator: inout some RandomNumberGenerator
    ) -> Directive? {
        var walk = Walk(
            self,
            of: execution,
            with: rootBranch(of: execution, from: graph),
            at: now,
            nextEventID: 1,
            token: nil,
            using: generator
        )
        walk.keepsEvents = false
        // ExecutionStarted.
        walk.skippedEvents = 1
        defer { generator = walk.random }
        switch walk.run({ walk in walk.enter() }).directive {
        case .complete(let output): return .complete(output)
        case .fail(let failure): return .fail(failure)
        default: return nil
        }
    }

    private func rootBranch(of execution: ExecutionInfo, from graph: StateGraph?) -> Branch {
        Branch(
            kind: .root,
            state: (graph ?? definition.root).startAt,
            phase: .entering,
            input: execution.input,
            previousEventID: 0
        )
    }

    /// Starts an execution without going on: ExecutionStarted, and a branch that stands before the first state.
    ///
    /// For a process that accepts executions but does not work on them. A child of a map run starts in the Map's own graph.
    package func started(_ execution: ExecutionInfo, from graph: StateGraph? = nil) -> Transition {
        let branch = rootBranch(of: execution, from: graph)
        let event = HistoryEvent.executionStarted(execution)
        // The chain begins at the first state: its Entered has 0 as previous event, not ExecutionStarted's id.
        return Transition(events: [event], branch: branch, directive: .proceed)
    }

    /// Takes a branch on from where it stands, with what has happened.
    ///
    /// A happening that does not fit where the branch stands fails it with `States.Runtime`: nothing traps.
    ///
    /// The branch is as its last transition left it, with the ids that the commit gave. `nextEventID` is the id that the
    /// transition's first event will get, where it is known: while the execution has one open branch. Without it a
    /// transition that needs the id of a state it has just entered ends with ``Directive/proceed`` right after that
    /// state's Entered, to go on when the id is known (DESIGN §6).
    ///
    /// A Task whose activity `isMissing` fails before it is scheduled (recorded test_activity_task_on_deleted).
    package func resume(
        _ branch: Branch,
        of execution: ExecutionInfo,
        with happening: Happening,
        at now: Timestamp,
        nextEventID: Int?,
        using generator: inout some RandomNumberGenerator,
        token: (() -> String)? = nil,
        mayPerform: ((Resource) -> Bool)? = nil,
        isMissing: ((Resource) -> Bool)? = nil
    ) -> Transition {
        var walk = Walk(
            self,
            of: execution,
            with: branch,
            at: now,
            nextEventID: nextEventID,
            token: token,
            mayPerform: mayPerform,
            using: generator
        )
        walk.isMissing = isMissing
        defer { generator = walk.random }
        return walk.run { walk in walk.take(happening) }
    }

    /// Returns what the attempt under way performs, for a holder of the lease that performs it again.
    ///
    /// - Returns: The same request as before; `nil` if the branch is not in a Task's attempt.
    package func request(of branch: Branch, of execution: ExecutionInfo) -> TaskRequest? {
        guard branch.phase == .performing || branch.phase == .awaiting else { return nil }
        // Where the input depends on randomness the branch has kept it, so none is drawn here.
        var walk = Walk(
            self,
            of: execution,
            with: branch,
            at: branch.enteredAt ?? execution.startTime,
            nextEventID: nil,
            token: nil,
            using: NoRandomness()
        )
        return walk.request()
    }

    /// Takes an activity's attempt on to its start: a worker has been given it.
    ///
    /// Its clocks start now. Source: reference §11.
    ///
    /// - Returns: ActivityStarted, and the branch with its deadline; `nil` if it does not wait for an activity worker.
    package func activityStarted(
        _ branch: Branch,
        of execution: ExecutionInfo,
        by workerName: String?,
        at now: Timestamp
    ) -> Transition? {
        guard branch.phase == .awaiting, branch.deadline == nil else { return nil }
        var walk = Walk(
            self,
            of: execution,
            with: branch,
            at: now,
            nextEventID: nil,
            token: nil,
            using: NoRandomness()
        )
        return walk.startActivity(workerName: workerName)
    }
}

/// What stands in for a generator where nothing can be random.
struct NoRandomness: RandomNumberGenerator {
    mutating func next() -> UInt64 { 0 }
}
