package import Interpreter
package import JSON
package import StatesLanguage

/// A branch's row without its payloads, as read under the execution's lock: all that a batch needs to decide.
package struct BranchRow: Sendable, Equatable {
    package enum Status: String, Sendable {
        case open = "OPEN"
        case unstarted = "UNSTARTED"
        case succeeded = "SUCCEEDED"
        case failed = "FAILED"
        case aborted = "ABORTED"
        case timedOut = "TIMED_OUT"
    }

    /// When the branch can be worked on.
    package enum Wake: Sendable, Equatable {
        /// Not before something else changes its row.
        case never
        /// It is leased.
        case leased
        /// From then on.
        case at(Timestamp)
    }

    package var key: BranchKey
    package var parent: Int?
    package var kind: Branch.Kind
    package var status: Status
    package var phase: Branch.Phase
    package var state: String
    package var lane: String
    package var transition: Int
    package var lease: Lease?
    package var wake: Wake
    package var lapses: Int
    package var previousEventID: Int
    package var enteredEventID: Int?
    package var happening: RecordedHappening?
    /// The token of the attempt under way: what comes from outside must carry it.
    package var taskToken: String?
    package var firstChild: Int?
    package var childCount: Int
    package var nextChild: Int
    package var openChildren: Int
    package var failedChildren: Int
    package var toleratedFailures: Int?
    /// Of the execution, in the root's row.
    package var lastEventID: Int
    package var lastEventAt: Timestamp?
    package var nextBranchID: Int
    /// When the attempt under way times out.
    package var deadline: Timestamp?
    /// Whether the attempt under way fails when its worker is lost; written, and read only by who takes leases back.
    package var failsOnLoss = false

    package init(
        key: BranchKey,
        parent: Int? = nil,
        kind: Branch.Kind,
        status: Status = .open,
        phase: Branch.Phase = .starting,
        state: String,
        lane: String = "",
        transition: Int = 0,
        lease: Lease? = nil,
        wake: Wake = .never
    ) {
        self.key = key
        self.parent = parent
        self.kind = kind
        self.status = status
        self.phase = phase
        self.state = state
        self.lane = lane
        self.transition = transition
        self.lease = lease
        self.wake = wake
        lapses = 0
        previousEventID = 0
        childCount = 0
        nextChild = 0
        openChildren = 0
        failedChildren = 0
        lastEventID = 0
        nextBranchID = 1
    }

    /// Whether it is a child that its parent's state forked last, not one of an earlier try.
    package func isChild(of other: BranchRow) -> Bool {
        guard key.execution == other.key.execution, parent == other.key.branch, let first = other.firstChild else {
            return false
        }
        return key.branch >= first && key.branch < first + other.childCount
    }

    /// Ends it: nobody holds it, nothing wakes it, and nothing from outside reaches it any more.
    package mutating func end(as status: Status) {
        self.status = status
        lease = nil
        wake = .never
        happening = nil
        taskToken = nil
        deadline = nil
    }

    /// Its state is behind it, and so are the children that the state had.
    package mutating func forgetChildren() {
        firstChild = nil
        childCount = 0
        nextChild = 0
        openChildren = 0
        failedChildren = 0
        toleratedFailures = nil
    }

    /// Gives it to a worker, or to anyone from `now` on.
    package mutating func hand(to lease: Lease?, at now: Timestamp) {
        self.lease = lease
        wake = lease == nil ? .at(now) : .leased
    }
}

/// What reached a branch from outside or from its children, as its row keeps it until the branch takes it up.
package enum RecordedHappening: Sendable, Equatable {
    /// A child failed, or one more than tolerated.
    case childFailed(Failure, toleranceExceeded: Bool)
    /// The attempt's result: a callback, an activity worker, a child execution.
    case succeeded(JSONText)
    /// The attempt failed, they say.
    case failed(Failure)
    /// Braid cannot go on with it.
    case broken(cause: String)
    /// The worker that performed the attempt was lost, and the attempt is not to be performed again.
    case workerLost

    /// Whether it came from outside, for an attempt that waits for it.
    package var endsAttempt: Bool {
        switch self {
        case .succeeded, .failed: true
        case .childFailed, .broken, .workerLost: false
        }
    }
}
