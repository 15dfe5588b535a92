import Interpreter
import StatesLanguage

extension BatchPlan {
    /// Ends every open and unstarted descendant of a branch's present state, with the events that AWS writes for each.
    ///
    /// All their events point at the event that caused it (reference §17, rule 5), but for the …TimedOut of an attempt whose
    /// deadline has passed too. What the batch itself forked or started before is among them.
    ///
    /// - Returns: The leases that were taken away.
    mutating func abort(
        below parent: BranchKey,
        after event: Int,
        by one: TransitionSubmission
    ) -> [(key: BranchKey, lease: Lease)] {
        var revoked: [(key: BranchKey, lease: Lease)] = []
        for key in keys(of: parent.execution) where key != parent {
            guard let row = rows[key]?.row, row.status == .open || row.status == .unstarted,
                isDescendant(row, of: parent)
            else { continue }
            if row.status == .open {
                if let event = one.timedOut(row) {
                    record([event], of: key, state: row.state, chain: row.previousEventID, at: one.at)
                }
                record(one.aborted(row), of: key, state: row.state, chain: event, at: one.at)
            }
            if let lease = row.lease { revoked.append((key, lease)) }
            change(key) { $0.end(as: .aborted) }
        }
        writes.revoked += revoked
        return revoked
    }

    private func isDescendant(_ row: BranchRow, of ancestor: BranchKey) -> Bool {
        var row = row
        while let number = row.parent {
            let key = BranchKey(row.key.execution, number)
            guard let parent = rows[key]?.row, row.isChild(of: parent) else { return false }
            if key == ancestor { return true }
            row = parent
        }
        return false
    }
}
