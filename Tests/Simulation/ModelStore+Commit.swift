import Engine
import Interpreter
import JSON
import StatesLanguage
import Store

extension ModelStore {
    /// The executions whose locks a commit takes.
    func locks(of submissions: [Submission], isRepeated: Bool) -> Set<ExecutionID> {
        Set(keys(of: submissions, isRepeated: isRepeated).map(\.execution))
    }

    private func keys(of submissions: [Submission], isRepeated: Bool) -> Set<BranchKey> {
        var keys = BatchPlan.keys(of: submissions)
        for submission in isRepeated ? submissions : [] {
            switch submission {
            case .start(let start): keys.insert(BranchKey(start.id, 0))
            case .children(let children): keys.formUnion(children.starts.map { BranchKey($0.id, 0) })
            default: break
            }
        }
        return keys
    }

    /// The first round trip: reads under the locks, and plans.
    func plan(_ submissions: [Submission], isRepeated: Bool, at now: Timestamp) -> BatchPlan {
        var keys = keys(of: submissions, isRepeated: isRepeated)
        for sweep in BatchPlan.sweeps(of: submissions) {
            guard let execution = execution(sweep.execution) else { continue }
            if let parent = sweep.parent.map({ execution.branches[$0].row }), let tolerated = parent.toleratedFailures,
                parent.failedChildren + sweep.failures <= tolerated
            {
                continue
            }
            for branch in execution.branches where [.open, .unstarted].contains(branch.row.status) {
                keys.insert(branch.row.key)
            }
        }
        var rows = keys.sorted().compactMap { branch($0)?.row }
        if flaw == .noFence {
            for case .transition(let one) in submissions {
                for index in rows.indices where rows[index].key == one.key && rows[index].status == .open {
                    rows[index].lease = one.lease
                    rows[index].transition = one.number
                }
            }
        }
        if flaw == .noNumber {
            for case .transition(let one) in submissions {
                for index in rows.indices where rows[index].key == one.key { rows[index].transition = one.number }
            }
        }
        var plan = BatchPlan(rows: rows, now: now)
        plan.isRepeated = isRepeated
        return plan
    }

    /// The second round trip: writes what was planned, each statement as it is.
    func write(_ writes: BatchWrites, _ submissions: [Submission], answers: inout [Answer], at now: Timestamp) {
        for one in writes.executions { insert(one.start) }
        for one in writes.inserts { insert(one) }
        for one in writes.updates { update(one) }
        for row in writes.touches { touch(row) }
        var revoked: [(key: BranchKey, lease: Lease)] = []
        for row in writes.aborts {
            // Who holds it now: it may have been leased since it was read.
            if let lease = branch(row.key)?.row.lease { revoked.append((row.key, lease)) }
            touch(row)
        }
        revoke(revoked, at: now)
        for row in writes.history { execution(row.key.execution)?.history.append(row) }
        for end in writes.ends { execution(end.id)?.end = end }
        var left: [ExecutionID: Set<String>] = [:]
        for sibling in writes.siblings {
            change(sibling.key) { stored in
                stored.row.status = .open
                stored.row.previousEventID = sibling.previousEventID
                stored.row.hand(to: sibling.lease, at: now)
            }
            if sibling.lease == nil {
                left[sibling.key.execution, default: []].insert(branch(sibling.key)?.row.lane ?? "")
            }
        }
        writeMapRuns(writes)
        flush()
        for index in answers.indices {
            guard case .committed(var committed) = answers[index], case .transition(let one) = submissions[index] else {
                continue
            }
            for place in committed.taken.indices where committed.taken[place].child == nil {
                committed.taken[place].child = sibling(committed.taken[place].key, among: writes.siblings)
            }
            committed.wokenLanes.formUnion(left[one.key.execution] ?? [])
            for (key, lease) in revoked where key.execution == one.key.execution {
                if !writes.revoked.contains(where: { $0.lease == lease }) { committed.revoked.append((key, lease)) }
            }
            answers[index] = .committed(committed)
        }
        checks.committed(submissions, answers, writes, in: self)
    }

    /// What RETURNING gives of a started sibling.
    private func sibling(_ key: BranchKey, among siblings: [SiblingStart]) -> Branch? {
        guard siblings.contains(where: { $0.key == key }), let stored = branch(key) else { return nil }
        var branch = Branch(
            kind: stored.row.kind,
            state: stored.row.state,
            input: stored.branch.input,
            previousEventID: stored.row.previousEventID
        )
        branch.item = stored.branch.item
        return branch
    }

    private func insert(_ write: BranchWrite) {
        guard let execution = execution(write.row.key.execution) else { return }
        checks.expect(execution.branches.count == write.row.key.branch, "\(write.row.key) is not the next branch")
        execution.branches.append(
            StoredBranch(row: write.row, branch: write.branch, output: write.output, failure: write.failure)
        )
        if let lease = write.row.lease { checks.given(lease, of: write.row.key) }
    }

    /// Sets what `BranchColumns.set` lists: all but key, parent, kind and ordinal.
    private func update(_ write: BranchWrite) {
        change(write.row.key) { stored in
            checks.expect(stored.row.kind == write.row.kind, "\(write.row.key) changed its kind")
            checks.expect(stored.row.parent == write.row.parent, "\(write.row.key) changed its parent")
            var written = write.branch
            if !write.writesVariables { written.variables = stored.branch.variables }
            stored = StoredBranch(row: write.row, branch: written, output: write.output, failure: write.failure)
        }
    }

    private func touch(_ row: BranchRow) {
        change(row.key) { stored in
            if let lease = row.lease, stored.row.lease != lease { checks.given(lease, of: row.key) }
            var changed = stored.row
            changed.status = row.status
            changed.phase = row.phase
            changed.lease = row.lease
            changed.wake = row.wake
            changed.lane = row.lane
            changed.previousEventID = row.previousEventID
            changed.happening = row.happening
            changed.nextChild = row.nextChild
            changed.openChildren = row.openChildren
            changed.failedChildren = row.failedChildren
            changed.lastEventID = row.lastEventID
            changed.lastEventAt = row.lastEventAt
            changed.nextBranchID = row.nextBranchID
            stored.row = changed
            guard row.status != .open, row.status != .unstarted else { return }
            stored.branch.taskToken = nil
            stored.branch.taskInput = nil
            stored.branch.deadline = nil
        }
    }
}
