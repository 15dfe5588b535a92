package import JSON
import ResultWriting
package import StatesLanguage
package import Store

/// A child that ran in memory, as its run's kept results tell it.
package struct KeptChild: Sendable {
    package var id: ExecutionID
    /// Its place among its run's children.
    package var ordinal: Int
    package var status: ExecutionStatus
    package var startedAt: Timestamp
    package var stoppedAt: Timestamp
    /// How many items it was given; `nil` where that was not kept.
    package var itemCount: Int?
    /// `nil` where it was not kept, since nobody would ask for it.
    package var input: JSONText?
    package var output: JSONText?
    package var error: String?
    package var cause: String?
    package var redriveCount: Int
    /// Whether its turn in its run's redrive is still to come.
    package var waits: Bool
}

extension KeptChild {
    init(_ result: ExpressResult, _ ordinal: Int, of run: MapRunRecord) {
        id = run.child(ordinal)
        self.ordinal = ordinal
        status = result.status
        startedAt = result.startedAt
        stoppedAt = result.stoppedAt
        // That of a success is often not kept, and then stands there as null.
        input = result.hasSucceeded && result.input.text == "null" ? nil : result.input
        itemCount = run.hasBatches ? input?.value["Items"]?.array?.count : 1
        switch result.outcome {
        case .succeeded(let output): self.output = output
        case .failed(let error, let cause), .timedOut(let error, let cause), .aborted(let error, let cause):
            self.error = error
            self.cause = cause
        case .pending: break
        }
        // Whatever has not succeeded runs again with each redrive.
        let isAgain = ordinal < run.redrive.children && run.redrivenAt.map { result.startedAt >= $0 } == true
        redriveCount = isAgain ? run.redriveCount : 0
        waits = run.hasWaiting(id, status)
    }
}

extension MapRunRecord {
    /// The id of a child of a run, by its place.
    fileprivate func child(_ ordinal: Int) -> ExecutionID {
        id.child(ordinal, began: startedAt.microseconds / 1_000)
    }

    /// Whether children may have been given more than one item each.
    fileprivate var hasBatches: Bool {
        counts.items.total + pendingRedrive.items.total
            > counts.executions.total + pendingRedrive.executions.total
    }
}

extension [KeptChild] {
    /// In the order in which they ended, the last first.
    fileprivate var newestFirst: Self {
        sorted { ($0.stoppedAt, $0.ordinal) > ($1.stoppedAt, $1.ordinal) }
    }
}

extension Store {
    /// How many of the rows that hold results are looked through for one page of children.
    private static let mostPages = 32

    /// Lists children that ran in memory and have ended, in front of a place; those that still run are not known of.
    ///
    /// Pages are in the order of the items, the last first, since nothing tells when each ended but what is kept of it; those
    /// on one page are listed as they ended, the last first.
    ///
    /// Returns fewer than `limit` where that is all, or where so few were found that looking on would take long.
    ///
    /// - Returns: The children, and where the list goes on; `nil` behind its end.
    package func keptChildren(
        of run: MapRunRecord,
        _ filter: ChildFilter,
        before place: Int?,
        limit: Int
    ) async throws(StoreError) -> (children: [KeptChild], next: Int?) {
        // What is kept is not looked through for what nobody counted.
        guard filter.statuses.contains(where: { run.counts.executions[$0] + run.pendingRedrive.executions[$0] > 0 })
        else { return ([], nil) }
        var children: [KeptChild] = []
        var place = place ?? .max
        for _ in 0..<Self.mostPages {
            guard let page = try await keptPage(of: run.id, before: place, with: filter.statuses) else {
                return (children.newestFirst, nil)
            }
            let results = JSONText(trusted: page.text).value.array ?? []
            for (index, value) in results.enumerated().reversed() where page.firstChild + index < place {
                guard let result = ExpressResult(value), filter.statuses.contains(result.status) else { continue }
                let child = KeptChild(result, page.firstChild + index, of: run)
                guard filter.waits ?? child.waits == child.waits,
                    filter.isRedriven ?? (child.redriveCount > 0) == (child.redriveCount > 0)
                else { continue }
                guard children.count < limit else { return (children.newestFirst, children.last?.ordinal) }
                children.append(child)
            }
            place = page.firstChild
        }
        return (children.newestFirst, place)
    }

    /// Finds a child that ran in memory by its id; `nil` where it is none of the run's, or nothing is kept of it yet.
    package func keptChild(_ id: ExecutionID, of run: MapRunRecord) async throws(StoreError) -> KeptChild? {
        let ordinal = MapRunID.ordinal(of: id)
        guard run.type == .express, run.child(ordinal) == id,
            let page = try await keptPage(of: run.id, before: ordinal + 1), page.contains(ordinal),
            let results = JSONText(trusted: page.text).value.array, ordinal - page.firstChild < results.count,
            let result = ExpressResult(results[ordinal - page.firstChild])
        else { return nil }
        return KeptChild(result, ordinal, of: run)
    }
}
