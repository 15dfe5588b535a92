package import Interpreter
import JSON
package import StatesLanguage

/// What is submitted to be committed, with others, in one transaction.
package enum Submission: Sendable {
    case transition(TransitionSubmission)
    case start(StartSubmission)
    case stop(StopSubmission)
    case callback(CallbackSubmission)
    case activity(ActivitySubmission)
    case children(ChildrenSubmission)
}

/// The end of an execution from outside: `StopExecution`, or its own timeout.
package struct StopSubmission: Sendable {
    package var execution: ExecutionID
    package var failure: Failure
    /// TIMED_OUT instead of ABORTED.
    package var isTimeout: Bool
    /// Whether it is a child of a map run that is ended with that.
    package var isIteration = false
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
