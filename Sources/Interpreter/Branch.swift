package import JSON
package import StatesLanguage

/// One line of control of an execution, as it stands at a durable point.
///
/// This is all that the interpreter must be given to go on, and all of it is in the branch's row: a branch that another
/// worker takes over goes on exactly where it stood.
package struct Branch: Sendable, Equatable {
    /// What forked it, and as which child.
    package enum Kind: Sendable, Equatable {
        /// The execution's own line of control.
        case root
        /// The branch of a Parallel state with this index.
        case branch(Int)
        /// The iteration of an inline Map with this index.
        case iteration(Int)
    }

    /// Where in its present state the branch stands.
    ///
    /// Raw values are stored.
    package enum Phase: String, Sendable {
        /// It has not begun: for an iteration MapIterationStarted, for all the first state's Entered is still to be written.
        case starting = "S"
        /// The present state's Entered is still to be written.
        case entering = "N"
        /// Entered is written; the state's work has not begun (or begins again, from its start).
        case entered = "E"
        /// A Task's attempt: its Scheduled and Started are written, it is being performed.
        case performing = "P"
        /// A Task's attempt that ends by a callback, an activity worker or a child execution.
        case awaiting = "A"
        /// A Wait state, until the branch's `wake_at`.
        case sleeping = "W"
        /// Between two attempts, until the branch's `wake_at`.
        case backingOff = "B"
        /// A Parallel or Map state whose children are open.
        case forked = "F"
        /// A Parallel or Map state whose children have ended; what came of them is the happening it resumes with.
        case joined = "J"
        /// A distributed Map whose run goes on; what was asked for is the branch's ``Branch/taskInput``.
        case distributed = "D"
    }

    package var kind: Kind
    /// The name of the state that it stands in.
    package var state: String
    package var phase: Phase
    /// The present state's raw input.
    package var input: JSONText
    /// `Map.Item.Value` of an iteration, where its states can see it and its input is not it.
    package var item: JSONText?
    package var variables = Variables()
    /// `State.EnteredTime`: when the present state was entered; `nil` before.
    package var enteredAt: Timestamp?
    /// The id of the present state's Entered event, once it is committed.
    package var enteredEventID: Int?
    /// The id of the last event of its chain, 0 at an execution's start: what its next event has as `previousEventId`.
    package var previousEventID: Int
    package var retries = Retries()
    /// The effective input of the attempt under way, kept only where evaluating it again could give another.
    package var taskInput: JSONText?
    /// When the attempt under way times out; a takeover keeps it.
    package var deadline: Timestamp?
    /// The attempt's heartbeat interval, where it has one.
    package var heartbeat: Duration?
    /// The token of the attempt under way, where it has one.
    package var taskToken: String?

    package init(kind: Kind, state: String, phase: Phase = .starting, input: JSONText, previousEventID: Int = 0) {
        self.kind = kind
        self.state = state
        self.phase = phase
        self.input = input
        self.previousEventID = previousEventID
    }
}

/// How often the present state was retried.
///
/// Source: Amazon States Language, "Retrying after error".
package struct Retries: Sendable, Equatable {
    /// Retries made by each of the state's retriers, by index; shorter than their number where none was made yet.
    package var counts: [Int] = []
    /// Retries in all: `State.RetryCount`.
    package var total: Int { counts.reduce(0, +) }

    package init(counts: [Int] = []) { self.counts = counts }
}
