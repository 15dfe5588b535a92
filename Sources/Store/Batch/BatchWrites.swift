package import Interpreter
package import JSON
package import StatesLanguage

/// What a batch writes, each list in key order.
package struct BatchWrites: Sendable {
    package var executions: [ExecutionWrite] = []
    package var inserts: [BranchWrite] = []
    package var history: [HistoryRow] = []
    package var updates: [BranchWrite] = []
    /// Branches whose rows changed but for their payloads: a parent's counters, the execution's, an aborted branch.
    package var touches: [BranchRow] = []
    /// Branches that were ended from outside.
    package var aborts: [BranchRow] = []
    package var siblings: [SiblingStart] = []
    package var ends: [ExecutionEnd] = []
    /// Runs of Distributed Maps that begin, that go on, and that end.
    package var mapRuns: [MapRunStart] = []
    package var mapRunSteps: [ChildrenSubmission] = []
    package var mapRunEnds: [MapRunEnd] = []
    package var mapRunAborts: [MapRunEnd] = []
    /// Leases that other workers, or the submitter, held and that are no more.
    package var revoked: [(key: BranchKey, lease: Lease)] = []
}

/// A branch's row, whole: one that is made, or one that a transition moved.
package struct BranchWrite: Sendable {
    package var row: BranchRow
    package var branch: Branch
    package var output: JSONText?
    package var failure: Failure?
    /// Whether its variables are written; else the row keeps those it has.
    package var writesVariables: Bool

    /// Of an ended branch only its output is kept; where it failed, was aborted or timed out, its input too, for redrive.
    init(_ working: BatchPlan.Working) {
        row = working.row
        branch = working.branch ?? Branch(kind: row.kind, state: row.state, input: JSONText(trusted: "null"))
        branch.previousEventID = row.previousEventID
        branch.enteredEventID = row.enteredEventID
        branch.phase = row.phase
        output = working.output
        failure = working.failure
        writesVariables = working.isNew || working.assigns || row.status == .succeeded
        if row.status == .succeeded {
            branch.input = JSONText(trusted: "null")
            branch.item = nil
            branch.variables = Variables()
        }
        if row.status != .open && row.status != .unstarted {
            branch.taskToken = nil
            // A redrive goes on with what a map run was asked for.
            let hadRun = row.status == .failed && row.phase == .joined && row.firstChild == nil
            if !hadRun { branch.taskInput = nil }
            branch.deadline = nil
        }
    }
}

/// An unstarted iteration that begins, known by its key alone.
package struct SiblingStart: Sendable {
    package var key: BranchKey
    package var previousEventID: Int
    /// Who takes it; `nil` leaves it ready for anyone.
    package var lease: Lease?

    init(row: BranchRow) {
        key = row.key
        previousEventID = row.previousEventID
        lease = row.lease
    }
}

/// A new execution's row.
package struct ExecutionWrite: Sendable {
    package var start: StartSubmission

    init(_ start: StartSubmission) { self.start = start }
}

/// The end of an execution's row.
package struct ExecutionEnd: Sendable {
    package var id: ExecutionID
    package var status: BranchRow.Status
    package var output: JSONText?
    package var failure: Failure?
    package var stoppedAt: Timestamp
}
