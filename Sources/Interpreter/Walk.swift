import JSON
import StatesLanguage

/// One call of the interpreter: a branch on its way from one durable point to the next, and the history it leaves.
///
/// Each state type's file adds how such a state is worked on; a walk ends with the directive of the first step that pauses.
struct Walk<Random: RandomNumberGenerator> {
    /// What came of working on a state.
    enum Step {
        /// The branch stands before its next state.
        case onwards
        /// The branch goes no further in this call.
        case pause(Directive)
    }

    let definition: StateMachineDefinition
    let limits: Limits
    let execution: ExecutionInfo
    let now: Timestamp
    let nextEventID: Int?
    let makeToken: (() -> String)?
    let mayPerform: ((Resource) -> Bool)?
    /// Whether an activity is known not to exist.
    var isMissing: ((Resource) -> Bool)?
    /// Where a state is tested: what it is given in place of an execution, and what is noted of it.
    let probe: Probe?
    var random: Random
    var branch: Branch
    var events: [HistoryEvent] = []
    /// How many events were not kept, of a walk whose history nobody asks for; any fault ends such a walk in vain.
    var skippedEvents = 0
    var keepsEvents = true
    /// The index of the last event of the branch's chain; `nil` while it is the one from before.
    var chainEnd: Int?
    /// The index of the present state's Entered; `nil` if it is from before.
    var entered: Int?
    /// Whether a state has assigned variables.
    var assigns = false

    init(
        _ interpreter: Interpreter,
        of execution: ExecutionInfo,
        with branch: Branch,
        at now: Timestamp,
        nextEventID: Int?,
        token: (() -> String)?,
        mayPerform: ((Resource) -> Bool)? = nil,
        probe: Probe? = nil,
        using random: Random
    ) {
        definition = interpreter.definition
        limits = interpreter.limits
        self.execution = execution
        self.branch = branch
        self.now = now
        self.nextEventID = nextEventID
        makeToken = token
        self.mayPerform = mayPerform
        self.probe = probe
        self.random = random
    }

    /// Takes a first step, and enters states for as long as nothing from outside is needed and the limits allow.
    mutating func run(_ first: (inout Walk) -> Step) -> Transition {
        var step = first(&self)
        var states = 1
        var written = 0
        while true {
            switch step {
            case .pause(let directive):
                return Transition(
                    events: events,
                    branch: branch,
                    directive: directive,
                    chainEnd: chainEnd,
                    entered: entered,
                    assigns: assigns
                )
            case .onwards:
                written += branch.input.byteCount
                if states >= limits.maxChainedStates || written >= limits.maxChainBytes {
                    step = .pause(.proceed)
                } else {
                    states += 1
                    step = enter()
                }
            }
        }
    }

    // MARK: - Events

    /// What the next event of the chain has as previous event.
    var previous: HistoryEvent.Previous { chainEnd.map(HistoryEvent.Previous.event) ?? .chain }

    /// How many events there are, kept or not.
    var eventCount: Int { events.count + skippedEvents }

    /// Writes the next event of the branch's chain; `nil` stands for one that is not kept.
    mutating func append(_ event: HistoryEvent?) {
        if let event { events.append(event) } else { skippedEvents += 1 }
        chainEnd = eventCount - 1
    }

    /// Writes an event that hangs off the chain without being a part of it: the chain goes on from where it was.
    mutating func appendAside(_ event: HistoryEvent) {
        events.append(event)
    }

    // MARK: - States

    /// Enters the state that the branch stands before, and works on it.
    mutating func enter() -> Step {
        guard let state = definition.state(named: branch.state) else {
            return broken("There is no state named '\(branch.state)'.")
        }
        if let most = limits.maxHistoryEvents, let nextEventID, nextEventID + eventCount > most {
            return broken("The execution reached the maximum number of history events (\(most)).")
        }
        append(
            keepsEvents ? .stateEntered(state.type, name: state.name, input: branch.input, after: previous) : nil
        )
        entered = eventCount - 1
        branch.phase = .entered
        branch.enteredAt = now
        return work(on: state)
    }

    /// Does the work of the state that the branch stands in, from its start.
    mutating func work(on state: State) -> Step {
        let before = Mark(self)
        do throws(Fault) {
            switch state.body {
            case .task(let task): return try attempt(task, in: state)
            case .pass(let pass): return try self.pass(pass, in: state)
            case .choice(let choice): return try choose(choice, in: state)
            case .wait(let wait): return try self.wait(wait, in: state)
            case .succeed(let succeed): return try self.succeed(succeed, in: state)
            case .fail(let fail): return try self.fail(fail, in: state)
            case .parallel(let parallel): return try fork(parallel, in: state)
            case .map(let map): return try fork(map, in: state)
            }
        } catch {
            return end(state, by: error, since: before)
        }
    }

    /// Writes the state's exit, takes over what it assigned, and moves on.
    mutating func leave(
        _ state: State,
        with output: JSONText,
        assigning assigned: JSONObject = [:],
        to successor: Successor,
        after before: HistoryEvent.Previous? = nil
    ) throws(Fault) -> Step {
        guard output.byteCount <= limits.maxPayloadBytes else { throw .outputTooLarge(of: state.name) }
        append(
            keepsEvents
                ? .stateExited(
                    state.type,
                    name: state.name,
                    output: output,
                    assigned: assigned,
                    after: before ?? previous
                ) : nil
        )
        if !assigned.isEmpty {
            branch.variables.assign(assigned)
            assigns = true
        }
        switch successor {
        case .next(let name):
            branch.move(to: name, with: output, keepingItem: definition.readsContext)
            entered = nil
            return .onwards
        case .end:
            return complete(with: output)
        }
    }
}

extension Branch {
    /// Leaves the present state for another; what belonged to the present one is forgotten.
    ///
    /// Where an iteration's later states may read its item (`keepingItem`), it is kept once the input is no longer it.
    mutating func move(to state: String, with input: JSONText, keepingItem: Bool) {
        if case .iteration = kind, item == nil, keepingItem { item = self.input }
        self.state = state
        self.input = input
        phase = .entering
        enteredAt = nil
        enteredEventID = nil
        retries = Retries()
        endAttempt()
    }

    /// Forgets the attempt under way.
    mutating func endAttempt() {
        taskInput = nil
        deadline = nil
        heartbeat = nil
        taskToken = nil
    }
}
