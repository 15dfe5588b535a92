package import Interpreter
package import StatesLanguage

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
    /// Whether its execution is a child of a map run.
    package var isIteration = false
    /// Whether Braid cannot go on with the branch: then it ends so, whatever called it back.
    package var isBroken = false
    /// Whether the attempt that it begins fails when the submitter is lost, instead of being performed again.
    package var failsOnLoss = false
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

extension Directive {
    /// Whether the branch ends with a failure.
    var isFailure: Bool {
        if case .fail = self { true } else { false }
    }
}
