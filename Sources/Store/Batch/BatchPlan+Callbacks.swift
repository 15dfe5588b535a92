import Interpreter
import StatesLanguage

extension BatchPlan {
    /// Keeps what came from outside for the branch that awaits it, whoever holds its lease.
    ///
    /// The first for an attempt's token wins. A branch that sleeps is ready now; one that is held finds it when its holder
    /// lets it go to sleep, so a callback that comes before its branch sleeps is not lost (DESIGN §7).
    mutating func apply(_ callback: CallbackSubmission) -> Answer {
        guard let root = rows[callback.key.root]?.row, root.status == .open, let row = rows[callback.key]?.row,
            row.status == .open, row.taskToken == callback.token,
            row.phase == .awaiting || row.phase == .performing
        else { return .notAwaited }
        if isRepeated, row.happening == callback.happening { return .reached }
        guard row.happening == nil else { return .notAwaited }
        let now = now
        change(callback.key) { row in
            row.happening = callback.happening
            guard row.lease == nil else { return }
            row.lane = ""
            row.wake = .at(now)
        }
        return .reached
    }

    /// Gives an activity's attempt to the worker that asked first.
    mutating func apply(_ activity: ActivitySubmission) -> Answer {
        if isRepeated, let before = startedBefore(activity) { return .committed(before) }
        guard let root = rows[activity.key.root]?.row, root.status == .open, let row = rows[activity.key]?.row,
            row.status == .open, row.lease == nil, row.phase == .awaiting, row.lane == activity.lane,
            row.transition == activity.number, row.happening == nil
        else { return .lost }
        var one = TransitionSubmission(
            key: activity.key,
            parent: activity.parent,
            lease: Lease(worker: WorkerID(rawValue: 0), number: 0),
            number: activity.number,
            transition: activity.transition,
            at: activity.at,
            keeps: false
        )
        one.awaitUntil = activity.until
        return .committed(advance(one))
    }

    /// A start whose commit succeeded but whose answer was lost: nobody else has moved the branch since.
    ///
    /// Another's start at the same time is told apart by the deadline that it gave.
    private func startedBefore(_ activity: ActivitySubmission) -> Committed? {
        guard let row = rows[activity.key]?.row, let root = rows[activity.key.root]?.row, row.status == .open,
            row.lease == nil, row.phase == .awaiting, row.transition == activity.number + 1,
            row.deadline == activity.transition.branch.deadline
        else { return nil }
        return Committed(
            previousEventID: row.previousEventID,
            enteredEventID: row.enteredEventID,
            number: row.transition,
            lastEventID: root.lastEventID,
            isHeld: false,
            wasBefore: true
        )
    }
}
