package import Interpreter
package import JSON
package import StatesLanguage
package import Store

/// What a worker must do next, as its state decided.
package enum WorkerAction: Sendable {
    /// Submit it to be committed, and bring the answer.
    case commit(TransitionSubmission)
    /// Perform a Task's attempt, and bring its outcome, or word that its deadline has passed.
    case perform(AttemptID, TaskDriver.Attempt, deadline: Timestamp?)
    /// See to a map run, and bring what came of it.
    case run(AttemptID, MapRunWork)
    /// Tell who sees to a map run that a child of it has ended.
    case stepped(MapRunID)
    /// Stop performing: nobody waits for the outcome any more.
    case cancel(AttemptID)
    /// Read branches that a commit gave this worker.
    case read([(key: BranchKey, lease: Lease)])
    /// Give back leases that it can do nothing with, if they are still its own; nobody is given them for so long.
    case handBack([(key: BranchKey, lease: Lease)], for: Duration)
    /// Let go of the branch of a map run that only waits, for so long or until a child of it ends.
    case rest(MapRunID, BranchKey, Lease, for: Duration)
    /// Read and compile a revision's definition.
    case define(RevisionID)
    /// Find out whether there is an activity of this ARN.
    case findActivity(BranchKey, Lease, String)
    /// Do what is to be done about nested executions: one has ended, or what waited for them has.
    case settleNested(NestedScope)
    /// Forget that an attempt waited for an execution: it was brought its end.
    case forgetNested(BranchKey, token: String)
    /// Tell whoever works on these lanes that there is work.
    case wake(Set<String>)
    /// Tell the holders of these leases, other workers' too, that they are gone.
    case revoke([(key: BranchKey, lease: Lease)])
    /// Say something to whoever runs this.
    case note(WorkerNote)
}

/// What a worker says of its work.
package enum WorkerNote: Sendable {
    /// Nothing alive serves this resource; its Task fails.
    case unserved(lane: String, BranchKey, WorkPlace)
    /// The database refused a transition; its branch fails.
    case refused(BranchKey, WorkPlace, reason: String)
    /// The lease of a branch was lost; what was done for it is dropped.
    case lost(BranchKey, WorkPlace)
    /// An execution failed in that state.
    case failed(WorkPlace, error: String?)
}

/// Where something happened, as the log tells it.
package struct WorkPlace: Sendable, Equatable {
    /// The execution's ARN.
    package var execution: String
    package var state: String
}

/// What happens to a worker.
package enum WorkerEvent: Sendable {
    /// It was given the leases that it asked for; whether as many.
    case leased([LeasedBranch], wasFull: Bool)
    /// Branches that a commit had given it were read; those that are missing it has lost.
    case read([LeasedBranch], of: [(key: BranchKey, lease: Lease)])
    /// What the database says that it holds, apart from what it is just being given.
    case holding([(key: BranchKey, lease: Lease)])
    /// A definition was read; `nil` if there is none that can be run.
    case defined(RevisionID, Interpreter?)
    /// A transition was committed, or not.
    case answered(BranchKey, Lease, SubmissionResult)
    /// A start was committed, or not; with the lease that it was to be born with.
    case started(BranchKey, Lease?, SubmissionResult)
    /// An attempt has ended.
    case performed(AttemptID, TaskDriver.Outcome)
    /// A map run is over for its branch.
    case mapped(AttemptID, Happening)
    /// A map run is not gone on with here.
    case left(AttemptID)
    /// A map run only waits for its children, and there is no room to do that here.
    case rested(AttemptID, MapRunID, for: Duration)
    /// An attempt's deadline has passed.
    case deadline(AttemptID)
    /// An activity is there, or not.
    case activityFound(BranchKey, Lease, String, exists: Bool)
    /// Somebody ended these branches.
    case revoked([(key: BranchKey, lease: Lease)])
    /// How many workers are alive, this one among them.
    case neighbours(count: Int)
}

/// What a submission came to.
package enum SubmissionResult: Sendable {
    case answer(Answer)
    /// The database refuses it, and nothing of it is committed.
    case refused(String)
    /// It is not known what became of it, and will not be.
    case unknown(String)
}

/// An execution to be started, by its id and time.
package struct NewExecution: Sendable {
    package var id: ExecutionID
    /// When it starts, as whoever asked for it is told.
    package var startedAt: Timestamp
    package var machine: StateMachineID
    package var machineName: String
    package var revision: RevisionID
    package var roleARN: String
    package var name: String?
    package var input: JSONText
    package var traceHeader: String?
    /// The version, and the alias, through which it is started.
    package var version: Int?
    package var alias: String?
    /// The request id of the attempt that starts it.
    package var startedBy: String?
    /// The attempt that waits for its end.
    package var link: NestedLink?
    /// What its Tasks give instead of being performed.
    package var doubles: TestDoubles?
    /// The map run whose child it is, and how many items it was given.
    package var mapRun: MapRunID?
    package var itemCount: Int?

    package init(
        id: ExecutionID,
        startedAt: Timestamp,
        machine: StateMachineID,
        machineName: String,
        revision: RevisionID,
        roleARN: String,
        name: String?,
        input: JSONText,
        traceHeader: String? = nil,
        version: Int? = nil,
        alias: String? = nil
    ) {
        self.id = id
        self.startedAt = startedAt
        self.machine = machine
        self.machineName = machineName
        self.revision = revision
        self.roleARN = roleARN
        self.name = name
        self.input = input
        self.traceHeader = traceHeader
        self.version = version
        self.alias = alias
    }

    /// What its first event says of version and alias besides.
    func qualify(_ info: ExecutionInfo, by arns: ARNs) -> ExecutionInfo {
        var info = info
        info.stateMachineVersionID = version.map { arns.version($0, of: machineName).description }
        info.stateMachineAliasID = alias.map { arns.stateMachine(machineName, qualifier: $0).description }
        return info
    }
}
