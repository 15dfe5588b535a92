import Interpreter
import JSON
import StatesLanguage
import Store

/// A branch as its holder remembers it.
struct Held {
    var key: BranchKey
    var parent: Int?
    var lease: Lease
    var number: Int
    var branch: Branch

    init(key: BranchKey, parent: Int? = nil, lease: Lease, number: Int = 0, branch: Branch) {
        self.key = key
        self.parent = parent
        self.lease = lease
        self.number = number
        self.branch = branch
    }

    init(_ leased: LeasedBranch) {
        self.init(
            key: leased.key,
            parent: leased.parent,
            lease: leased.lease,
            number: leased.number,
            branch: leased.branch
        )
    }

    /// A child that was born leased, or a sibling that was started.
    init?(_ taken: Taken, parent: Int = 0) {
        guard let child = taken.child else { return nil }
        self.init(key: taken.key, parent: parent, lease: taken.lease, branch: child)
    }

    /// Goes on from what a commit gave.
    mutating func take(_ answer: Answer) {
        guard case .committed(let committed) = answer else { return }
        number = committed.number
        branch.previousEventID = committed.previousEventID
        branch.enteredEventID = committed.enteredEventID
    }

    /// What is submitted when the branch takes a step.
    func submit(_ step: Step, at: Timestamp = .test) -> TransitionSubmission {
        var one = TransitionSubmission(
            key: key,
            parent: parent,
            lease: lease,
            number: number,
            transition: step.transition(from: branch),
            at: at
        )
        one.aborted = { row in
            row.phase == .starting ? [] : [HistoryEvent(.taskStateAborted, after: .chain)]
        }
        return one
    }
}

extension Timestamp {
    /// 2026-01-01T00:00:00Z, where no test cares.
    static let test = Timestamp(microseconds: 1_767_225_600_000_000)

    /// So many seconds later.
    static func test(_ seconds: Int) -> Timestamp { test + Duration.seconds(seconds) }
}

/// A transition as the interpreter makes them, in short.
struct Step {
    var directive: Directive
    var state = "A"
    var phase: Branch.Phase
    var events: [HistoryEvent] = []
    /// `nil`: the last event.
    var chainEnd: Int?
    var entered: Int?

    static let task = "arn:aws:lambda:us-east-1:123456789012:function:f"

    /// Enters a Task and asks to perform it.
    static func perform(_ state: String = "A", input: JSONText = "{}") -> Step {
        Step(
            directive: .perform(request(state, input)),
            state: state,
            phase: .performing,
            events: [
                .stateEntered(.task, name: state, input: input, after: .chain),
                HistoryEvent(
                    .lambdaFunctionScheduled,
                    after: .event(0),
                    details: [("resource", .text(task)), ("input", .payload(input))]
                ),
                HistoryEvent(.lambdaFunctionStarted, after: .event(1)),
            ],
            entered: 0
        )
    }

    /// Enters a state and comes back.
    static func proceed(_ state: String = "A") -> Step {
        Step(
            directive: .proceed,
            state: state,
            phase: .entered,
            events: [.stateEntered(.task, name: state, input: "{}", after: .chain)],
            entered: 0
        )
    }

    static func await(_ state: String = "A") -> Step {
        var step = perform(state)
        step.directive = .await(request(state, "{}"))
        step.phase = .awaiting
        return step
    }

    static func sleep(until: Timestamp) -> Step {
        Step(
            directive: .sleep(until: until),
            state: "W",
            phase: .sleeping,
            events: [.stateEntered(.wait, name: "W", input: "{}", after: .chain)],
            entered: 0
        )
    }

    /// A Map of as many items, each of which gets its index as input.
    static func map(
        _ count: Int,
        maxConcurrency: Int = 0,
        tolerated: Int? = nil,
        sharesVariables: Bool = false
    ) -> Step {
        let children = (0..<count).map { Fork.Child(state: "I", input: JSONText(.number(JSONNumber($0)))) }
        return Step(
            directive: .fork(
                Fork(
                    isMap: true,
                    children: children,
                    maxConcurrency: maxConcurrency,
                    toleratedFailures: tolerated,
                    sharesVariables: sharesVariables
                )
            ),
            state: "M",
            phase: .forked,
            events: [
                .stateEntered(.map, name: "M", input: "[]", after: .chain),
                HistoryEvent(.mapStateStarted, after: .event(0), details: [("length", .number(count))]),
            ],
            entered: 0
        )
    }

    /// An iteration that begins, and performs its Task.
    static func iterate(_ index: Int) -> Step {
        var step = perform("I")
        step.events.insert(
            HistoryEvent(
                .mapIterationStarted,
                after: .chain,
                details: [("name", .text("M")), ("index", .number(index))]
            ),
            at: 0
        )
        for place in 1..<step.events.count { step.events[place].previous = .event(place - 1) }
        step.entered = 1
        return step
    }

    /// The end of an iteration: its Task's, its state's and its own; the last is no part of its chain.
    static func endIteration(_ index: Int, output: JSONText = "1") -> Step {
        Step(
            directive: .complete(output),
            state: "I",
            phase: .performing,
            events: [
                HistoryEvent(.lambdaFunctionSucceeded, after: .chain, details: [("output", .payload(output))]),
                .stateExited(.task, name: "I", output: output, after: .event(0)),
                HistoryEvent(
                    .mapIterationSucceeded,
                    after: .event(1),
                    details: [("name", .text("M")), ("index", .number(index))]
                ),
            ],
            chainEnd: 1
        )
    }

    /// The failure of an iteration: its Task's, and its own, which is no part of its chain.
    static func failIteration(_ index: Int, _ failure: Failure = Failure(error: "E", cause: "c")) -> Step {
        Step(
            directive: .fail(failure),
            state: "I",
            phase: .performing,
            events: [
                HistoryEvent(.lambdaFunctionFailed, after: .chain, details: [("error", .text(failure.error ?? ""))]),
                HistoryEvent(
                    .mapIterationFailed,
                    after: .event(0),
                    details: [("name", .text("M")), ("index", .number(index))]
                ),
            ],
            chainEnd: 0
        )
    }

    /// The end of the execution.
    static func complete(_ output: JSONText = "{}") -> Step {
        Step(
            directive: .complete(output),
            phase: .performing,
            events: [
                .stateExited(.task, name: "A", output: output, after: .chain),
                HistoryEvent(.executionSucceeded, after: .event(0), details: [("output", .payload(output))]),
            ]
        )
    }

    static func fail(_ failure: Failure = Failure(error: "E", cause: "c")) -> Step {
        Step(
            directive: .fail(failure),
            phase: .performing,
            events: [
                HistoryEvent(
                    .executionFailed,
                    after: .chain,
                    details: [("error", .text(failure.error ?? "")), ("cause", .text(failure.cause ?? ""))]
                )
            ]
        )
    }

    /// The same as an execution's first step.
    var starting: Step {
        var step = self
        step.events.insert(HistoryEvent(.executionStarted, after: .none, details: [("input", .payload("{}"))]), at: 0)
        for place in step.events.indices.dropFirst() {
            switch step.events[place].previous {
            case .chain: step.events[place].previous = .none
            case .event(let index): step.events[place].previous = .event(index + 1)
            case .none: break
            }
        }
        step.entered = step.entered.map { $0 + 1 }
        step.chainEnd = step.chainEnd.map { $0 + 1 }
        return step
    }

    func transition(from branch: Branch) -> Transition {
        var after = branch
        after.state = state
        after.phase = phase
        return Transition(
            events: events,
            branch: after,
            directive: directive,
            chainEnd: chainEnd ?? (events.isEmpty ? nil : events.count - 1),
            entered: entered
        )
    }

    private static func request(_ state: String, _ input: JSONText) -> TaskRequest {
        guard let resource = Resource(parsing: task) else { preconditionFailure("not a resource: \(task)") }
        return TaskRequest(state: state, resource: resource, input: input)
    }
}

extension JSONText: ExpressibleByStringLiteral {
    package init(stringLiteral text: String) { self.init(trusted: text) }
}
