package import Interpreter
package import JSON
package import StatesLanguage

/// What is submitted to be committed, with others, in one transaction.
package enum Submission: Sendable {
    case transition(TransitionSubmission)
    case start(StartSubmission)
    case stop(StopSubmission)
    case callback(CallbackSubmission)
    case activity(ActivitySubmission)
}

/// A transition of a branch that the submitter holds.
package struct TransitionSubmission: Sendable {
    package var key: BranchKey
    /// The branch that forked it; `nil` for a root.
    package var parent: Int?
    /// The fence: who holds it, and the number of transitions that the holder knows of.
    package var lease: Lease
    package var number: Int
    package var transition: Transition
    package var at: Timestamp
    /// Whether the transition took up the happening that its branch was leased with.
    package var takesUp: Bool
    /// Whether nothing is committed but that the holder lets go of the branch: an attempt under way stays the same one.
    package var isHandedBack = false
    /// Where the directive awaits something from outside: until when, by the attempt's clocks; `nil` is for ever.
    package var awaitUntil: Timestamp?
    /// Whether the holder goes on with it afterwards, where the directive lets it.
    package var keeps: Bool
    /// What the branch needs next if it is released.
    package var lane: String
    /// What the children of a fork need first, by the name of their first state; what is not listed needs nothing.
    package var lanes: [String: String]
    /// How many of the children that it forks the submitter takes at once, and the numbers that their leases, a started
    /// sibling's or a joined parent's get: from `firstLease` on.
    package var share: Int
    package var firstLease: Int64
    /// Whether it takes the sibling that its end starts, and the parent that its end joins.
    package var takesOver: Bool
    /// The events that end a branch of this execution from outside.
    ///
    /// Only asked when a child's failure ends its siblings.
    package var aborted: @Sendable (_ row: BranchRow) -> [HistoryEvent]
    /// The event of a branch of this execution whose attempt is out of time as well when it is ended from outside.
    package var timedOut: @Sendable (_ row: BranchRow) -> HistoryEvent?

    package init(
        key: BranchKey,
        parent: Int?,
        lease: Lease,
        number: Int,
        transition: Transition,
        at: Timestamp,
        takesUp: Bool = false,
        keeps: Bool = true,
        lane: String = "",
        lanes: [String: String] = [:],
        share: Int = 0,
        firstLease: Int64 = 0,
        takesOver: Bool = true,
        aborted: @escaping @Sendable (_ row: BranchRow) -> [HistoryEvent] = { _ in [] },
        timedOut: @escaping @Sendable (_ row: BranchRow) -> HistoryEvent? = { _ in nil }
    ) {
        self.key = key
        self.parent = parent
        self.lease = lease
        self.number = number
        self.transition = transition
        self.at = at
        self.takesUp = takesUp
        self.keeps = keeps
        self.lane = lane
        self.lanes = lanes
        self.share = share
        self.firstLease = firstLease
        self.takesOver = takesOver
        self.aborted = aborted
        self.timedOut = timedOut
    }
}

/// A new execution, with what its first transition was.
package struct StartSubmission: Sendable {
    package var id: ExecutionID
    package var machine: StateMachineID
    package var revision: RevisionID
    /// The name that it was given; `nil` where it was given none.
    package var name: String?
    package var input: JSONText
    package var traceHeader: String?
    /// The version, and the alias, through which it is started; `nil` where its machine's ARN names neither.
    package var version: Int?
    package var alias: String?
    /// The request id of the attempt that starts it; `nil` where no Task does.
    package var startedBy: String?
    /// The attempt that waits for its end.
    package var link: NestedLink?
    /// When it times out as a whole.
    package var deadline: Timestamp?
    package var at: Timestamp
    package var transition: Transition
    /// The lease that it is born with; `nil` leaves it to anyone.
    package var lease: Lease?
    package var lane: String
    /// Whether whoever starts it goes on with it, where the directive lets it.
    package var keeps = true
    package var lanes: [String: String] = [:]
    package var share = 0
    package var firstLease: Int64 = 0

    package init(
        id: ExecutionID,
        machine: StateMachineID,
        revision: RevisionID,
        name: String?,
        input: JSONText,
        traceHeader: String? = nil,
        deadline: Timestamp? = nil,
        at: Timestamp,
        transition: Transition,
        lease: Lease? = nil,
        lane: String = ""
    ) {
        self.id = id
        self.machine = machine
        self.revision = revision
        self.name = name
        self.input = input
        self.traceHeader = traceHeader
        self.deadline = deadline
        self.at = at
        self.transition = transition
        self.lease = lease
        self.lane = lane
    }
}

/// The end of an execution from outside: `StopExecution`, or its own timeout.
package struct StopSubmission: Sendable {
    package var execution: ExecutionID
    package var failure: Failure
    /// TIMED_OUT instead of ABORTED.
    package var isTimeout: Bool
    package var at: Timestamp

    package init(execution: ExecutionID, failure: Failure, isTimeout: Bool = false, at: Timestamp) {
        self.execution = execution
        self.failure = failure
        self.isTimeout = isTimeout
        self.at = at
    }
}

/// What reaches an attempt from outside: the first that comes for its token wins.
package struct CallbackSubmission: Sendable {
    package var key: BranchKey
    package var token: String
    package var happening: RecordedHappening
    package var at: Timestamp

    package init(key: BranchKey, token: String, happening: RecordedHappening, at: Timestamp) {
        self.key = key
        self.token = token
        self.happening = happening
        self.at = at
    }
}

/// An activity's attempt that is given to an activity worker: its clocks start.
package struct ActivitySubmission: Sendable {
    package var key: BranchKey
    package var parent: Int?
    /// The fence: the activity's lane, and the number of transitions that were known when it was offered.
    package var lane: String
    package var number: Int
    package var transition: Transition
    package var until: Timestamp?
    package var at: Timestamp

    package init(
        key: BranchKey,
        parent: Int?,
        lane: String,
        number: Int,
        transition: Transition,
        until: Timestamp?,
        at: Timestamp
    ) {
        self.key = key
        self.parent = parent
        self.lane = lane
        self.number = number
        self.transition = transition
        self.until = until
        self.at = at
    }
}

/// What became of a submission.
package enum Answer: Sendable {
    /// The transition is committed.
    case committed(Committed)
    /// The fence held: somebody else has the branch, or it has ended. What was done for it is dropped.
    case lost
    /// The execution began.
    case started(Committed)
    /// Its name is taken by this execution, which runs or has run.
    case nameTaken(NamedExecution)
    /// The execution was ended, at this time; these leases with it.
    case stopped(at: Timestamp, revoked: [(key: BranchKey, lease: Lease)])
    /// The execution had ended already, or there is none.
    case notRunning
    /// What came from outside is kept for its branch.
    case reached
    /// No attempt with that token waits for anything: it has ended, was answered, or never was.
    case notAwaited
}

/// What a commit gave a branch.
package struct Committed: Sendable {
    /// The ids that its row now has.
    package var previousEventID: Int
    package var enteredEventID: Int?
    /// The number of its transitions.
    package var number: Int
    /// The id of the execution's last event.
    package var lastEventID: Int
    /// Whether the submitter still holds it.
    package var isHeld: Bool
    /// Whether it was an earlier try that was committed: what that one gave besides is not known here.
    package var wasBefore = false
    /// The branches that were born leased to the submitter: children, a started sibling, a joined parent.
    package var taken: [Taken] = []
    /// The lanes in which others may find work now.
    package var wokenLanes: Set<String> = []
    /// Siblings that were started for anyone, until the commit tells their lanes.
    var leftSiblings: [BranchKey] = []
    /// Leases that were taken away because the branches were ended.
    package var revoked: [(key: BranchKey, lease: Lease)] = []
}

/// A branch that a commit leased to its submitter.
package struct Taken: Sendable {
    package var key: BranchKey
    package var lease: Lease
    /// The branch as inserted; `nil` where it must be read back (a started sibling, a joined parent).
    package var child: Branch?

    package init(key: BranchKey, lease: Lease, child: Branch? = nil) {
        self.key = key
        self.lease = lease
        self.child = child
    }
}

/// The execution that has a name.
package struct NamedExecution: Sendable, Equatable {
    package var id: ExecutionID
    package var startedAt: Timestamp
    package var isRunning: Bool
    package var input: JSONText
    /// The request id of the attempt that started it.
    package var startedBy: String?

    package init(
        id: ExecutionID,
        startedAt: Timestamp,
        isRunning: Bool,
        input: JSONText,
        startedBy: String? = nil
    ) {
        self.id = id
        self.startedAt = startedAt
        self.isRunning = isRunning
        self.input = input
        self.startedBy = startedBy
    }
}

extension Directive {
    /// Whether the branch ends with a failure.
    var isFailure: Bool {
        if case .fail = self { true } else { false }
    }
}
