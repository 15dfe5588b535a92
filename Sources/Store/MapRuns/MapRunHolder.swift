import Postgres
import StatesLanguage

/// Who sees to a map run: the lease of the Map state's branch, which is the fence of all that is written of the run.
package struct MapRunHolder: Sendable {
    package var run: MapRunID
    package var key: BranchKey
    package var lease: Lease
    package var number: Int

    package init(run: MapRunID, key: BranchKey, lease: Lease, number: Int) {
        self.run = run
        self.key = key
        self.lease = lease
        self.number = number
    }
}

extension MapRunHolder {
    /// Locks the run's execution, which comes before all that is written of it.
    var lock: Statement { .lock(key.execution) }

    /// Gives the cursor of the run's redrive, under the execution's lock; nothing where the branch is held no more.
    var fence: Statement {
        Statement(
            """
            SELECT r.redrive_cursor FROM braid.branches AS b
            JOIN braid.map_runs AS r ON r.execution_id = b.execution_id AND r.branch_id = b.branch_id
            WHERE b.execution_id = $1 AND b.branch_id = $2 AND b.worker = $3 AND b.lease = $4 AND b.transition = $5
                AND b.status = 'OPEN' AND b.phase = 'D' AND r.map_run_id = $6 AND r.status = 'RUNNING'
            """,
            [
                .uuid(key.execution.value), .int4(Int32(clamping: key.branch)), .int8(lease.worker.rawValue),
                .int8(lease.number), .int4(Int32(clamping: number)), .uuid(run.value),
            ]
        )
    }

    /// Notes how far the redrive is, and how many less wait for it.
    func advance(to cursor: Int, _ pending: MapRunCounts, refused: Int = 0, refusedItems: Int = 0) -> Statement {
        func int8(_ value: Int) -> PostgresValue { .int8(Int64(value)) }
        return Statement(
            """
            WITH forgiven AS (\(Self.forgive(11)))
            UPDATE braid.map_runs SET redrive_cursor = $2, pending_failed = pending_failed - $3,
                pending_timed_out = pending_timed_out - $4, pending_aborted = pending_aborted - $5,
                pending_items_failed = pending_items_failed - $6,
                pending_items_timed_out = pending_items_timed_out - $7,
                pending_items_aborted = pending_items_aborted - $8, not_redrivable = not_redrivable + $9,
                not_redrivable_items = not_redrivable_items + $10
            WHERE map_run_id = $1
            """,
            [
                .uuid(run.value), int8(cursor), int8(pending.executions.failed), int8(pending.executions.timedOut),
                int8(pending.executions.aborted), int8(pending.items.failed), int8(pending.items.timedOut),
                int8(pending.items.aborted), int8(refused), int8(refusedItems),
            ] + leaseValues
        )
    }

    /// Forgets that workers died over the branch: it goes on.
    var forgiveness: Statement { Statement(Self.forgive(1), leaseValues) }

    /// The values from parameter `first` on are ``leaseValues``.
    private static func forgive(_ first: Int) -> String {
        """
        UPDATE braid.branches SET lapses = 0
        WHERE execution_id = $\(first) AND branch_id = $\(first + 1) AND worker = $\(first + 2) AND lease = $\(first + 3)
            AND lapses > 0
        """
    }

    private var leaseValues: [PostgresValue] {
        [
            .uuid(key.execution.value), .int4(Int32(clamping: key.branch)), .int8(lease.worker.rawValue),
            .int8(lease.number),
        ]
    }

    /// Notes that the redrive has looked at all children: nothing waits any more.
    var finish: Statement {
        Statement(
            """
            WITH forgiven AS (\(Self.forgive(2)))
            UPDATE braid.map_runs SET redrive_cursor = redrive_children, pending_failed = 0, pending_timed_out = 0,
                pending_aborted = 0, pending_items_failed = 0, pending_items_timed_out = 0, pending_items_aborted = 0
            WHERE map_run_id = $1
            """,
            [.uuid(run.value)] + leaseValues
        )
    }
}
