package import JSON
package import StatesLanguage

/// An execution in memory: what happens goes in, what is to be done comes out.
///
/// It numbers events and joins children as the store does, but in one process and without durability. Nothing in it
/// waits, reads a clock or performs: whoever holds it performs tasks, lets time pass (or skips it), and hands back what
/// came of each ``Action``. Of an action that was cancelled, or answered before, nothing is taken.
package struct LocalExecution: Sendable {
    /// Where a branch waits for the world; a branch that went on is at another point.
    package struct Point: Sendable, Hashable {
        package let branch: Int
        package let transition: Int
    }

    /// What is to be done next.
    package enum Action: Sendable {
        /// Perform a Task's attempt, at most until its deadline, and say what came of it.
        case perform(TaskRequest, Point)
        /// Wait for what ends the attempt from outside.
        case await(TaskRequest, Point)
        /// Let time pass, then resume with ``Happening/begin``.
        case sleep(until: Timestamp, Point)
        /// Forget what was asked for at that point.
        case cancel(Point)
        /// The execution has ended; this is the last action.
        case end(Outcome)
    }

    /// How an execution ended.
    package enum Outcome: Sendable, Equatable {
        case succeeded(JSONText)
        case failed(Failure)
        case aborted(Failure)
        case timedOut
    }

    /// An event of the history, numbered.
    package struct Entry: Sendable {
        package let id: Int
        package let previousEventID: Int
        package let time: Timestamp
        package let event: HistoryEvent
        /// The branch that wrote it, 0 being the root, and the one that forked that.
        package let branch: Int
        package let parent: Int?
    }

    package let interpreter: Interpreter
    package let execution: ExecutionInfo
    /// The events since ``forgetHistory()`` was called last, all of them unless it is.
    package internal(set) var history: [Entry] = []
    /// How many events there were.
    package internal(set) var eventCount = 0
    /// How it ended; `nil` while it runs.
    package internal(set) var outcome: Outcome?

    /// Whether transitions are told the ids that their events will get.
    ///
    /// They always can be here. Without, they settle as in an execution of many branches; the history is the same.
    package var tellsEventIDs = true

    /// Whether branches go on only when ``step(_:at:using:)`` says so, one transition at a time.
    ///
    /// For whoever wants the order of things to be any, as among workers.
    package var isStepwise = false

    /// How many transitions are made at most before the caller is asked, who goes on with ``proceed(at:using:)``.
    ///
    /// A definition may loop without ever waiting for anything: without a bound nobody could end it.
    package var transitionsAtOnce = Int.max

    /// How many transitions can be made now without waiting for the world.
    package var readyCount: Int { ready.count }

    /// How many branches have not ended.
    package var openCount: Int { nodes.count }

    var nodes: [Int: Node] = [:]
    var lastEventTime: Timestamp?
    var lastNode = 0
    var ready: [(branch: Int, happening: Happening)] = []
    var actions: [Action] = []

    /// What it starts in, where that is not the machine's own graph: a child of a map run.
    private let graph: StateGraph?

    package init(
        of definition: StateMachineDefinition,
        as execution: ExecutionInfo,
        from graph: StateGraph? = nil,
        limits: Limits = Limits()
    ) {
        interpreter = Interpreter(definition: definition, limits: limits)
        self.execution = execution
        self.graph = graph
    }

    /// When the execution as a whole times out; `nil` is never.
    package var deadline: Timestamp? {
        guard graph == nil else { return nil }
        return interpreter.definition.timeoutSeconds.map { execution.startTime + .seconds($0) }
    }

    /// Starts the execution.
    package mutating func start(
        at now: Timestamp,
        using generator: inout some RandomNumberGenerator
    ) -> [Action] {
        guard eventCount == 0 else { return [] }
        let started = interpreter.started(execution, from: graph)
        nodes[0] = Node(branch: started.branch)
        apply(started, to: 0, at: now)
        return settle(at: now, using: &generator)
    }

    /// Goes on with what happened at a point.
    package mutating func resume(
        _ point: Point,
        with happening: Happening,
        at now: Timestamp,
        using generator: inout some RandomNumberGenerator
    ) -> [Action] {
        guard outcome == nil, nodes[point.branch]?.transition == point.transition else { return [] }
        ready.append((point.branch, happening))
        return settle(at: now, using: &generator)
    }

    /// Goes on with what was ready when ``transitionsAtOnce`` was reached.
    package mutating func proceed(
        at now: Timestamp,
        using generator: inout some RandomNumberGenerator
    ) -> [Action] {
        outcome == nil ? settle(at: now, using: &generator) : []
    }

    /// Lets go of the events so far, for executions that have more of them than memory.
    package mutating func forgetHistory() { history.removeAll(keepingCapacity: true) }

    /// Ends the execution as StopExecution does.
    package mutating func stop(_ failure: Failure, at now: Timestamp) -> [Action] {
        end(.aborted(failure), by: .executionAborted(failure), at: now)
    }

    /// Ends the execution because its ``deadline`` has passed.
    package mutating func timeOut(at now: Timestamp) -> [Action] {
        end(.timedOut, by: .executionTimedOut(), at: now)
    }

    private mutating func end(_ outcome: Outcome, by event: HistoryEvent, at now: Timestamp) -> [Action] {
        guard self.outcome == nil else { return [] }
        for (number, node) in nodes.sorted(by: { $0.key < $1.key }) where node.isPaused {
            actions.append(.cancel(Point(branch: number, transition: node.transition)))
        }
        nodes = [:]
        write(event, of: 0, after: 0, at: now)
        finish(outcome)
        defer { actions = [] }
        return actions
    }

    /// Makes one of the transitions that can be made now, where ``isStepwise``.
    package mutating func step(
        _ place: Int,
        at now: Timestamp,
        using generator: inout some RandomNumberGenerator
    ) -> [Action] {
        guard outcome == nil, ready.indices.contains(place) else { return [] }
        advance(ready.remove(at: place), at: now, using: &generator)
        defer { actions = [] }
        return actions
    }

    /// Takes all branches on until each waits for the world.
    private mutating func settle(
        at now: Timestamp,
        using generator: inout some RandomNumberGenerator
    ) -> [Action] {
        defer { actions = [] }
        if isStepwise { return actions }
        var next = 0
        while next < ready.count, next < transitionsAtOnce, outcome == nil {
            advance(ready[next], at: now, using: &generator)
            next += 1
        }
        ready.removeFirst(outcome == nil ? next : ready.count)
        return actions
    }

    private mutating func advance(
        _ turn: (branch: Int, happening: Happening),
        at now: Timestamp,
        using generator: inout some RandomNumberGenerator
    ) {
        guard let node = nodes[turn.branch] else { return }
        let transition = interpreter.resume(
            node.branch,
            of: execution,
            with: turn.happening,
            at: now,
            nextEventID: tellsEventIDs ? eventCount + 1 : nil,
            using: &generator
        )
        apply(transition, to: turn.branch, at: now)
    }
}
