import Interpreter
import Postgres
import Synchronization

/// Rows as this process's own commits left them, each with the version that PostgreSQL gave it (`xmin`).
///
/// A batch whose rows are all known needs no reading: what it presumes is checked in the same round trip that writes, under
/// the locks, by version. A row that anybody else has changed has another version, whatever was changed; then nothing
/// is written, and the batch goes the long way. So this is never truth, only a guess that costs nothing to check.
package final class KnownRows: Sendable {
    struct Known: Sendable {
        var row: BranchRow
        var version: Int32
    }

    private struct State {
        var rows: [BranchKey: Known] = [:]
        /// Executions that others change too: to presume anything of them is a waste.
        var contested: Set<ExecutionID> = []
    }

    private static let limit = 50_000
    private let state = Mutex(State())

    package init() {}

    /// Forgets everything: what became of a commit is not known.
    package func forget() { state.withLock { $0.rows = [:] } }

    /// The rows of these keys in their order; `nil` unless all are known.
    func rows(of keys: some Sequence<BranchKey>) -> [Known]? {
        state.withLock { state in
            var found: [Known] = []
            for key in keys {
                guard let known = state.rows[key], !state.contested.contains(key.execution) else { return nil }
                found.append(known)
            }
            return found
        }
    }

    /// Takes down what a committed batch left behind, as far as the next one may need it.
    ///
    /// - Parameters:
    ///   - plan: The batch.
    ///   - version: Of every row that it wrote.
    ///   - read: The versions of rows that it read, for those that it did not write.
    func learn(_ plan: BatchPlan, version: Int32, read: [BranchKey: Int32]) {
        state.withLock { state in
            if state.rows.count > Self.limit { state.rows = [:] }
            if state.contested.count > Self.limit { state.contested = [] }
            for (key, working) in plan.rows {
                let isWritten = working.isNew || working.isChanged || working.branch != nil || working.output != nil
                guard let version = isWritten ? version : read[key] else { continue }
                guard working.isPredictable else {
                    state.rows[key] = nil
                    continue
                }
                state.rows[key] = Known(row: working.row, version: version)
            }
        }
    }

    /// Something of these executions was not as presumed.
    func contest(_ executions: some Sequence<ExecutionID>) {
        state.withLock { state in
            for execution in executions { state.contested.insert(execution) }
        }
    }
}

extension BatchPlan.Working {
    /// Whether only this process's commits are likely to change the row: somebody here holds it, or it awaits children.
    ///
    /// A sibling that was started is known by its key alone.
    fileprivate var isPredictable: Bool {
        row.status == .open && row.happening == nil && !isStartedSibling && (row.lease != nil || row.phase == .forked)
    }
}
