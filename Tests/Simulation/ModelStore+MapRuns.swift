import Interpreter
import StatesLanguage
import Store

extension ModelStore {
    /// A row of `map_runs`.
    struct MapRunRow {
        let key: BranchKey
        let request: MapRunRequest
        let startedAt: Timestamp
        let maxConcurrency: Int
        /// How many children have begun.
        var children = 0
        /// How many items there are, once that is known.
        var total: Int?
        /// How it ended; `nil` while it runs.
        var status: MapRunEnd.Status?
        var leavesChildren = false
    }

    /// The children of a run, in the order of their items: their ids follow from it.
    func children(of run: MapRunID) -> [Execution] {
        executions.filter { $0.start.mapRun == run }.sorted { $0.start.id < $1.start.id }
    }

    /// How many children run, and how many have failed or timed out.
    func counts(of run: MapRunID) -> (open: Int, failed: Int) {
        let children = children(of: run)
        let failed = children.filter { $0.end.map { [.failed, .timedOut].contains($0.status) } ?? false }
        return (children.filter { $0.end == nil }.count, failed.count)
    }

    /// What a batch writes of map runs, in the order of its statements.
    func writeMapRuns(_ writes: BatchWrites) {
        end(writes.mapRunEnds)
        for one in writes.mapRuns where mapRuns[one.run] == nil {
            mapRuns[one.run] = MapRunRow(
                key: one.key,
                request: one.request,
                startedAt: one.at,
                maxConcurrency: one.request.maxConcurrency
            )
        }
        for step in writes.mapRunSteps {
            mapRuns[step.run]?.children = step.children
            mapRuns[step.run]?.total = step.total
            checks.began(step, in: self)
        }
        end(writes.mapRunAborts)
    }

    private func end(_ ends: [MapRunEnd]) {
        for end in ends {
            for run in mapRuns.keys where mapRuns[run]?.key == end.key && mapRuns[run]?.status == nil {
                mapRuns[run]?.status = end.status
                mapRuns[run]?.leavesChildren = end.leavesChildren
                checks.ended(run, as: end.status, in: self)
            }
        }
    }

    /// Runs that have ended, and what still runs of them.
    func leftChildren() -> [ExecutionID] {
        var left: [ExecutionID] = []
        for run in mapRuns.keys.sorted() where mapRuns[run]?.leavesChildren == true {
            let running = children(of: run).filter { $0.end == nil }
            if running.isEmpty { mapRuns[run]?.leavesChildren = false }
            left += running.map(\.start.id)
        }
        return left
    }
}

extension Checks {
    /// No more children run than may, and each item has one.
    func began(_ step: ChildrenSubmission, in store: ModelStore) {
        guard let row = store.mapRuns[step.run] else { return expect(false, "\(step.key) begins children of no run") }
        let children = store.children(of: step.run)
        expect(row.status == nil, "\(step.key) begins children of a run that has ended")
        expect(children.count == step.children, "\(step.key): \(children.count) of \(step.children) children are there")
        let open = children.filter { $0.end == nil }.count
        expect(
            row.maxConcurrency == 0 || open <= row.maxConcurrency,
            "\(step.key) has \(open) open children, over MaxConcurrency \(row.maxConcurrency)"
        )
    }

    /// A run succeeds once all items have had their children, and not too many have failed.
    func ended(_ run: MapRunID, as status: MapRunEnd.Status, in store: ModelStore) {
        guard status == .succeeded, let row = store.mapRuns[run] else { return }
        let counts = store.counts(of: run)
        expect(row.total == row.children, "\(row.key): a run succeeds with \(row.children) of \(row.total ?? -1) items")
        expect(counts.open == 0, "\(row.key): a run succeeds while children of it run")
        expect(
            counts.failed == 0 || !row.request.isExceeded(by: counts.failed, of: row.children),
            "\(row.key): a run succeeds although \(counts.failed) children have failed"
        )
    }
}
