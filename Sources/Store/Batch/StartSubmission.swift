package import Interpreter
package import JSON
package import StatesLanguage

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
    /// What its Tasks give instead of being performed.
    package var doubles: TestDoubles?
    /// The map run whose child it is, and how many items it was given.
    package var mapRun: MapRunID?
    package var itemCount: Int?
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
    /// Whether the attempt that it begins fails when its worker is lost, instead of being performed again.
    package var failsOnLoss = false

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
