import Interpreter
import StatesLanguage

extension BatchPlan {
    /// Begins a run's children, for whoever holds the branch that the run belongs to.
    mutating func apply(_ one: ChildrenSubmission) -> Answer {
        guard let root = rows[one.key.root]?.row, root.status == .open, let row = rows[one.key]?.row,
            row.status == .open, row.lease == one.lease, row.transition == one.number, row.phase == .distributed
        else { return .lost }
        var given: [Committed] = []
        for start in one.starts {
            // Ids follow from the run and the place among its children, so none of them has a name that could be taken.
            guard case .started(let committed) = apply(start) else { return .lost }
            given.append(committed)
        }
        if row.lapses > 0 {
            // It goes on: workers that died over it before did not die in a row.
            rows[one.key]?.row.lapses = 0
            rows[one.key]?.isChanged = true
        }
        writes.mapRunSteps.append(one)
        return .childrenStarted(given)
    }

    /// Notes what a transition says of a run: it asks for one, or tells how the present one has ended.
    mutating func noteMapRun(of one: TransitionSubmission, from row: BranchRow) {
        let transition = one.transition
        if row.phase == .distributed {
            for event in transition.events {
                switch event.type {
                case .mapRunSucceeded:
                    writes.mapRunEnds.append(
                        MapRunEnd(key: one.key, status: .succeeded, leavesChildren: false, at: one.at)
                    )
                case .mapRunFailed:
                    var end = MapRunEnd(key: one.key, status: .failed, leavesChildren: true, at: one.at)
                    end.failure = Failure(error: event.text("error"), cause: event.text("cause"))
                    writes.mapRunEnds.append(end)
                default: break
                }
            }
        }
        if case .distribute(let request) = transition.directive, let run = MapRunID(request.id) {
            writes.mapRuns.append(MapRunStart(key: one.key, run: run, request: request, at: one.at))
        }
    }
}

extension HistoryEvent {
    fileprivate func text(_ name: String) -> String? {
        for detail in details where detail.name == name {
            if case .text(let text) = detail.value { return text }
        }
        return nil
    }
}
