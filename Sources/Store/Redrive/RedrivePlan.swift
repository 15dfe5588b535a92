import Interpreter
package import StatesLanguage

/// Decides what of an execution that did not succeed runs again: a value, under the execution's lock.
///
/// Every branch goes on in the state that it stood in. Of a group that had children, those that succeeded keep their output,
/// those that failed or were aborted go on where they stood, those that had not begun begin in their turn. A group that
/// failed because its outputs together are too long starts all again. A Distributed Map's run goes on, where it can.
/// Source: reference §15.
package struct RedrivePlan {
    /// The branches that change, as they then are.
    package private(set) var changed: [BranchRow] = []
    /// The map runs that go on, and their branches, in the order of their events, which follow ExecutionRedriven.
    package private(set) var redrivenRuns: [(key: BranchKey, run: RedrivableRun)] = []
    private let rows: [BranchKey: BranchRow]
    private let errors: [BranchKey: String]
    private let runs: [BranchKey: RedrivableRun]
    private let event: Int
    private let now: Timestamp
    private let lane: (_ state: String) -> String

    /// - Parameters:
    ///   - rows: Those of the execution's branches that have not succeeded.
    ///   - errors: With which error they failed, where they did.
    ///   - runs: The last map runs of branches, where they had one.
    ///   - event: The id of ExecutionRedriven, which what runs again has as previous event.
    ///   - now: The database's time.
    ///   - lane: What a branch needs next that stands before the work of a state.
    package init(
        rows: [BranchRow],
        errors: [BranchKey: String],
        runs: [BranchKey: RedrivableRun] = [:],
        event: Int,
        now: Timestamp,
        lane: @escaping (_ state: String) -> String
    ) {
        self.rows = Dictionary(rows.map { ($0.key, $0) }, uniquingKeysWith: { first, _ in first })
        self.errors = errors
        self.runs = runs
        self.event = event
        self.now = now
        self.lane = lane
        guard let root = rows.first(where: { $0.key.isRoot }) else { return }
        reopen(root)
        changed.sort { $0.key < $1.key }
    }

    private mutating func reopen(_ row: BranchRow) {
        var row = row
        row.status = .open
        row.lease = nil
        row.happening = nil
        row.taskToken = nil
        row.deadline = nil
        row.lapses = 0
        row.previousEventID = event
        let children = rows.values.filter { $0.isChild(of: row) }.sorted { $0.key < $1.key }
        switch row.phase {
        case .starting, .entering: break
        case .forked where row.childCount > 0, .joined where isKept(row):
            if children.isEmpty {
                // All children had succeeded: what failed came after them.
                row.phase = .joined
                row.hand(to: nil, at: now)
            } else {
                reopen(children, of: &row)
            }
            return changed.append(row)
        default:
            let hadRun = row.phase == .distributed || row.phase == .joined
            row.forgetChildren()
            if hadRun, let run = runs[row.key], run.goesOn(in: row.state) {
                redrivenRuns.append((row.key, run))
                row.phase = .distributed
                row.lane = ""
                row.previousEventID = event + redrivenRuns.count
            } else {
                row.phase = .entered
                row.lane = lane(row.state)
            }
        }
        row.hand(to: nil, at: now)
        changed.append(row)
    }

    /// Whether the children of a group that had joined keep what they gave.
    private func isKept(_ row: BranchRow) -> Bool {
        row.childCount > 0 && errors[row.key] != ErrorName.dataLimitExceeded
    }

    /// Reopens the children of a group, which waits for them again.
    private mutating func reopen(_ children: [BranchRow], of parent: inout BranchRow) {
        parent.phase = .forked
        parent.wake = .never
        parent.lane = ""
        parent.openChildren = children.count
        parent.failedChildren = 0
        let unstarted = (parent.firstChild ?? 0) + parent.nextChild
        for child in children {
            guard child.key.branch >= unstarted else {
                reopen(child)
                continue
            }
            var child = child
            child.status = .unstarted
            child.wake = .never
            changed.append(child)
        }
    }
}

/// A branch's last map run, as its redrive needs it.
package struct RedrivableRun: Sendable, Equatable {
    package var id: MapRunID
    package var state: String
    package var label: String
    package var status: MapRunRecord.Status
    package var error: String?
    package var children: Int
    package var redriveCount: Int

    package init(
        id: MapRunID,
        state: String,
        label: String,
        status: MapRunRecord.Status,
        error: String? = nil,
        children: Int,
        redriveCount: Int
    ) {
        self.id = id
        self.state = state
        self.label = label
        self.status = status
        self.error = error
        self.children = children
        self.redriveCount = redriveCount
    }

    /// Whether it is this run that is redriven, and not a new one that begins.
    ///
    /// A run without children has read nothing; one whose results were too long would fail again, and so would one whose
    /// data did not suit its fields. Source: reference §15.
    package func goesOn(in state: String) -> Bool {
        guard self.state == state, children > 0, status == .failed || status == .aborted else { return false }
        return error != ErrorName.dataLimitExceeded && error != ErrorName.runtime
    }
}
