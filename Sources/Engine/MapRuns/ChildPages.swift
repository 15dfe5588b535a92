import Interpreter
import JSON
import ResultWriting
import StatesLanguage
import Store

/// The results of a run's children, page by page in the order of their items, but for those that succeeded and whose results an
/// earlier attempt has exported.
struct ChildPages {
    private let record: MapRunRecord
    private let work: MapRunWork
    private let parts: MapRuns
    private let names: ChildNames
    /// The child in front of the next page.
    private var place: Int
    /// The child behind the last page.
    private let end: Int
    /// The last attempt that has exported all there was.
    private let exported: ExportedAttempt?
    private static let size = 100

    /// - Parameters:
    ///   - record: Their run.
    ///   - work: What it does.
    ///   - parts: Where it is seen to.
    ///   - range: The only children whose results are wanted, of those that ran in memory; all where there is none.
    init(of record: MapRunRecord, _ work: MapRunWork, in parts: MapRuns, only range: Range<Int>? = nil) {
        self.record = record
        self.work = work
        self.parts = parts
        names = ChildNames(of: record, work, by: parts.settings.arns)
        place = (range?.lowerBound ?? 0) - 1
        end = range?.upperBound ?? record.children
        exported = record.earlierExports.last
    }

    private var began: Int64 { record.startedAt.microseconds / 1_000 }

    /// The next results; `nil` behind the last.
    mutating func next() async throws(MapRun.Leaving) -> [ChildResult]? {
        guard place + 1 < end else { return nil }
        return record.type == .express ? try await nextKept() : try await nextRows()
    }

    private mutating func nextRows() async throws(MapRun.Leaving) -> [ChildResult]? {
        let first = record.id.child(max(0, place), began: began)
        let after = place < 0 ? ExecutionID(high: first.high, low: first.low - 1) : first
        let last = record.id.child(record.children - 1, began: began)
        let rows = await parts.logger.trying("the children of a map run are not read") { () throws(StoreError) in
            try await parts.store.children(
                of: record.id,
                after: after,
                upTo: last,
                except: exported.map {
                    ExportedChildren(end: record.id.child($0.children, began: began), redrive: $0.redrive)
                },
                limit: Self.size
            )
        }
        guard let rows, !Task.isCancelled else { throw .lost }
        guard let end = rows.last else { return nil }
        place = MapRunID.ordinal(of: end.id)
        return rows.map(result)
    }

    private mutating func nextKept() async throws(MapRun.Leaving) -> [ChildResult]? {
        let first = place + 1
        let kept = await parts.logger.trying("the results of a map run are not read") { () throws(StoreError) in
            try await parts.store.keptResults(of: record.id, from: first)
        }
        guard let kept, !Task.isCancelled else { throw .lost }
        guard let kept, kept.firstChild == first else { return nil }
        place += kept.children
        let results = JSONText(trusted: kept.text).value.array ?? []
        return results.enumerated().compactMap { index, value in
            guard let result = ExpressResult(value) else { return nil }
            let redrive = kept.redrives.indices.contains(index) ? kept.redrives[index] : 0
            // What was kept at the end of an attempt that exported all there was is exported.
            if result.hasSucceeded, let exported, redrive <= exported.redrive { return nil }
            return result.result(first + index, names)
        }
    }

    private func result(_ child: MapRunChild) -> ChildResult {
        let isOver = child.status == .succeeded
        let outcome: ChildResult.Outcome =
            switch child.status {
            case .succeeded: .succeeded(output: child.output ?? JSONText(trusted: "null"))
            case .failed, .running: .failed(error: child.failure.error, cause: child.failure.cause)
            case .timedOut: .timedOut(error: child.failure.error, cause: child.failure.cause)
            case .aborted: .aborted(error: child.failure.error, cause: child.failure.cause)
            }
        return ChildResult(
            input: child.input,
            outcome: outcome,
            execution: ChildResult.Execution(
                arn: names.arn(child.id.description),
                name: child.id.description,
                stateMachineARN: names.stateMachineARN,
                startedAt: child.startedAt,
                stoppedAt: child.stoppedAt ?? child.startedAt,
                redriveCount: child.redriveCount,
                redriveStatus: isOver ? "NOT_REDRIVABLE" : "REDRIVABLE",
                redriveStatusReason: isOver ? "Execution is SUCCEEDED and cannot be redriven" : nil
            )
        )
    }
}
