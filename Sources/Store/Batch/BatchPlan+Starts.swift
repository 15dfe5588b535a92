import Interpreter
import StatesLanguage

extension BatchPlan {
    mutating func apply(_ start: StartSubmission) -> Answer {
        let key = BranchKey(start.id, 0)
        if let row = rows[key]?.row { return .started(startedBefore(start, row)) }
        if let name = start.name {
            let asked = ExecutionName(machine: start.machine, name: name)
            if let other = taken[asked], other.id != start.id { return .nameTaken(other) }
            taken[asked] = NamedExecution(
                id: start.id,
                startedAt: start.at,
                isRunning: true,
                input: start.input,
                startedBy: start.startedBy
            )
        }
        add(
            Working(
                row: BranchRow(key: key, kind: .root, state: start.transition.branch.state, lane: start.lane),
                isNew: true
            )
        )
        let now = now
        change(key) { $0.hand(to: start.lease, at: now) }
        writes.executions.append(ExecutionWrite(start))
        let lease = start.lease ?? Lease(worker: WorkerID(rawValue: 0), number: 0)
        var one = TransitionSubmission(
            key: key,
            parent: nil,
            lease: lease,
            number: 0,
            transition: start.transition,
            at: start.at,
            keeps: start.lease != nil && start.keeps,
            lane: start.lane,
            lanes: start.lanes,
            share: start.share,
            firstLease: start.firstLease
        )
        one.failsOnLoss = start.failsOnLoss
        return .started(advance(one))
    }

    /// A start whose commit succeeded but whose answer was lost.
    ///
    /// It is held only if nothing has happened to it since.
    private func startedBefore(_ start: StartSubmission, _ row: BranchRow) -> Committed {
        Committed(
            previousEventID: row.previousEventID,
            enteredEventID: row.enteredEventID,
            number: row.transition,
            lastEventID: row.lastEventID,
            isHeld: start.lease != nil && row.lease == start.lease && row.transition == 1,
            wasBefore: true
        )
    }

    mutating func apply(_ stop: StopSubmission) -> Answer {
        let root = BranchKey(stop.execution, 0)
        guard let row = rows[root]?.row, row.status == .open else { return .notRunning }
        var fields: [(name: String, value: HistoryEvent.Field)] = []
        if let error = stop.failure.error { fields.append(("error", .text(error))) }
        if let cause = stop.failure.cause { fields.append(("cause", .text(cause))) }
        let event = HistoryEvent(
            stop.isTimeout ? .executionTimedOut : .executionAborted,
            after: .none,
            details: fields
        )
        record([event], of: root, state: row.state, chain: row.previousEventID, at: stop.at)
        var revoked: [(key: BranchKey, lease: Lease)] = []
        for key in keys(of: stop.execution) {
            guard let row = rows[key]?.row, row.status == .open || row.status == .unstarted else { continue }
            if let lease = row.lease { revoked.append((key, lease)) }
            change(key) { $0.end(as: stop.isTimeout ? .timedOut : .aborted) }
        }
        let at = max(stop.at, rows[root]?.row.lastEventAt ?? stop.at)
        end(stop.execution, as: stop.isTimeout ? .timedOut : .aborted, output: nil, failure: stop.failure, at: at)
        writes.revoked += revoked
        return .stopped(at: at, revoked: revoked)
    }
}
