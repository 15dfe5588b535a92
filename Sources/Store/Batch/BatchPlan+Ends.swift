import Interpreter
import JSON
import StatesLanguage

extension BatchPlan {
    mutating func complete(
        _ one: TransitionSubmission,
        _ output: JSONText,
        lastEvent: Int,
        _ committed: inout Committed
    ) {
        change(one.key) { $0.end(as: .succeeded) }
        rows[one.key]?.output = output
        guard let parent = one.parent else {
            return end(one.key.execution, as: .succeeded, output: output, failure: nil, at: one.at)
        }
        childEnded(one, parent: BranchKey(one.key.execution, parent), lastEvent: lastEvent, &committed)
    }

    mutating func fail(
        _ one: TransitionSubmission,
        _ failure: Failure,
        lastEvent: Int,
        _ committed: inout Committed
    ) {
        change(one.key) { $0.end(as: .failed) }
        rows[one.key]?.failure = failure
        guard let number = one.parent else {
            return end(one.key.execution, as: .failed, output: nil, failure: failure, at: one.at)
        }
        let parent = BranchKey(one.key.execution, number)
        if let tolerated = rows[parent]?.row.toleratedFailures, let failed = rows[parent]?.row.failedChildren,
            failed < tolerated
        {
            change(parent) { $0.failedChildren += 1 }
            rows[one.key]?.output = JSONText(failure.errorOutput)
            return childEnded(one, parent: parent, lastEvent: lastEvent, &committed)
        }
        let exceeded = rows[parent]?.row.toleratedFailures != nil
        let failing = rows[one.key]?.row.previousEventID ?? lastEvent
        for (key, lease) in abort(below: parent, after: failing, by: one) {
            committed.revoked.append((key, lease))
        }
        change(parent) { row in
            row.failedChildren += 1
            row.openChildren = 0
            row.happening = .childFailed(failure, toleranceExceeded: exceeded)
        }
        join(one, parent: parent, previousEventID: failing, &committed)
    }

    /// Counts a child's end: starts the lowest unstarted sibling in its place, or joins the parent after the last.
    private mutating func childEnded(
        _ one: TransitionSubmission,
        parent: BranchKey,
        lastEvent: Int,
        _ committed: inout Committed
    ) {
        guard let row = rows[parent]?.row, let first = row.firstChild else { return }
        change(parent) { $0.openChildren -= 1 }
        if row.nextChild < row.childCount {
            let key = BranchKey(parent.execution, first + row.nextChild)
            change(parent) { $0.nextChild += 1 }
            startSibling(key, like: one, previousEventID: rows[one.key]?.row.previousEventID ?? lastEvent, &committed)
        }
        if row.openChildren == 1 { join(one, parent: parent, previousEventID: lastEvent, &committed) }
    }

    private mutating func startSibling(
        _ key: BranchKey,
        like one: TransitionSubmission,
        previousEventID: Int,
        _ committed: inout Committed
    ) {
        // One that was not read is known by its key alone: nothing but its start is written of it.
        var working = rows[key] ?? Working(row: BranchRow(key: key, parent: one.parent, kind: .iteration(0), state: ""))
        working.row.status = .open
        working.row.previousEventID = previousEventID
        let lease = one.takesOver ? Lease(worker: one.lease.worker, number: one.firstLease) : nil
        working.row.hand(to: lease, at: now)
        working.branch?.previousEventID = previousEventID
        working.isStartedSibling = true
        if rows[key] == nil { add(working) } else { rows[key] = working }
        if let lease {
            committed.taken.append(Taken(key: key, lease: lease))
        } else {
            committed.leftSiblings.append(key)
        }
    }

    private mutating func join(
        _ one: TransitionSubmission,
        parent: BranchKey,
        previousEventID: Int,
        _ committed: inout Committed
    ) {
        let lease = one.takesOver ? Lease(worker: one.lease.worker, number: one.firstLease) : nil
        let now = now
        change(parent) { row in
            row.phase = .joined
            row.previousEventID = previousEventID
            row.lane = ""
            row.hand(to: lease, at: now)
        }
        if let lease {
            committed.taken.append(Taken(key: parent, lease: lease, child: nil))
        } else {
            committed.wokenLanes.insert("")
        }
    }
}
