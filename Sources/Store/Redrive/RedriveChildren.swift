import Interpreter
import Postgres
import StatesLanguage

/// Some children of a map run that are to be redriven.
package struct ChildrenRedrive: Sendable {
    package var holder: MapRunHolder
    /// When the run began: ids of children follow from it.
    package var began: Int64
    /// The children that are left to be looked at, from the redrive's cursor on.
    package var places: Range<Int>
    /// How many children at most.
    package var limit: Int
    /// The revision that they go on with.
    package var revision: RevisionID
    /// How long each may take from now on.
    package var timeLimit: Duration?
    package var lane: @Sendable (_ state: String) -> String
    /// Whether the revision has a state.
    package var knows: @Sendable (_ state: String) -> Bool
    /// The ARN of a map run of one of them.
    package var mapRunARN: @Sendable (_ run: RedrivableRun) -> String

    package init(
        holder: MapRunHolder,
        began: Int64,
        places: Range<Int>,
        limit: Int,
        revision: RevisionID,
        timeLimit: Duration?,
        lane: @escaping @Sendable (_ state: String) -> String,
        knows: @escaping @Sendable (_ state: String) -> Bool,
        mapRunARN: @escaping @Sendable (_ run: RedrivableRun) -> String
    ) {
        self.holder = holder
        self.began = began
        self.places = places
        self.limit = limit
        self.revision = revision
        self.timeLimit = timeLimit
        self.lane = lane
        self.knows = knows
        self.mapRunARN = mapRunARN
    }
}

package enum ChildrenRedriveOutcome: Sendable, Equatable {
    /// They run again, and these lanes have work.
    case redriven(lanes: Set<String>)
    /// Children of these children's own map runs are still to be stopped.
    case areEnding([ExecutionID])
    /// The run's branch is held no more.
    case lost
}

extension Store {
    /// Redrives the next children of a run that did not succeed before the run's own redrive, in one transaction under
    /// their locks and that of the run's execution, locked in the order of their ids as by every commit (DESIGN §5).
    ///
    /// They and the cursor of the redrive are one transaction, so none is redriven twice.
    package func redriveChildren(_ redrive: ChildrenRedrive) async throws(StoreError) -> ChildrenRedriveOutcome {
        do {
            return try await pool.transaction { transaction throws(PostgresError) in
                let holder = redrive.holder
                let found = try await transaction.query(
                    Self.childrenToRedrive,
                    [
                        .uuid(holder.run.value), .int4(Int32(clamping: redrive.limit)),
                        .uuid(holder.run.child(redrive.places.lowerBound, began: redrive.began).value),
                        .uuid(holder.run.child(redrive.places.upperBound, began: redrive.began).value),
                    ]
                )
                var ids: [ExecutionID] = []
                for row in found { ids.append(ExecutionID(try row[0] as UUIDValue)) }
                let results = try await transaction.pipeline(
                    RedriveView.statements(ids, locking: [holder.key.execution]) + [holder.fence]
                )
                guard let fence = results.last?.first else { return .lost }
                // A commit whose answer was lost has done it before.
                let cursor: Int = try fence[0]
                guard cursor == redrive.places.lowerBound else { return .redriven(lanes: []) }
                let view = try RedriveView(results)
                let ending = view.executions.filter(\.leavesChildren).map(\.id)
                guard ending.isEmpty else { return .areEnding(ending) }
                let pieces = Pieces(redrive, view)
                var statements = Redrive.statements(
                    pieces.redrives,
                    revision: redrive.revision,
                    timeLimit: redrive.timeLimit,
                    mapRunARN: redrive.mapRunARN
                )
                statements.append(BatchWrites.count([(holder.run, pieces.uncounted)]))
                statements.append(
                    holder.advance(
                        to: ids.last.map { MapRunID.ordinal(of: $0) + 1 } ?? cursor,
                        pieces.looked,
                        refused: pieces.refused,
                        refusedItems: pieces.refusedItems
                    )
                )
                if ids.count < redrive.limit { statements.append(holder.finish) }
                _ = try await transaction.commit(statements)
                return .redriven(lanes: pieces.redrives.reduce(into: []) { $0.formUnion($1.lanes) })
            }
        } catch {
            throw StoreError(error)
        }
    }

    private static let childrenToRedrive = """
        SELECT execution_id FROM braid.executions
        WHERE map_run_id = $1 AND status IN ('FAILED', 'TIMED_OUT', 'ABORTED') AND execution_id >= $3 AND execution_id < $4
        ORDER BY execution_id LIMIT $2
        """
}

/// What becomes of the children that a redrive looks at.
private struct Pieces {
    var redrives: [Redrive] = []
    /// How all of them had ended.
    var looked = MapRunCounts()
    /// Those that are redriven have not ended any more: below 0.
    var uncounted = MapRunCounts()
    var refused = 0
    var refusedItems = 0

    init(_ request: ChildrenRedrive, _ view: RedriveView) {
        for child in view.executions where child.status != .running && child.status != .succeeded {
            looked.add(child.status, items: child.itemCount)
            guard child.canBeRedriven(at: view.now),
                let redrive = Redrive(of: child, at: view.now, lane: request.lane),
                redrive.plan.changed.allSatisfy({ request.knows($0.state) })
            else {
                refused += 1
                refusedItems += child.itemCount
                continue
            }
            redrives.append(redrive)
            uncounted.executions.add(-1, as: child.status)
            uncounted.items.add(-child.itemCount, as: child.status)
        }
    }
}

extension RedriveView.Execution {
    /// Whether its time is not over.
    ///
    /// Source: reference §15.
    fileprivate func canBeRedriven(at now: Timestamp) -> Bool {
        if let stoppedAt, now - stoppedAt > ExecutionRecord.redrivePeriod { return false }
        return now - startedAt <= ExecutionRecord.longestRun
    }
}
