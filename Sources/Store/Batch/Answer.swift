package import Interpreter
package import JSON
package import StatesLanguage

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
    /// The children began; of each what a start gives.
    case childrenStarted([Committed])
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
    /// The id of the first event that it wrote; 0 where it is not known, or wrote none.
    package var firstEventID = 0
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
