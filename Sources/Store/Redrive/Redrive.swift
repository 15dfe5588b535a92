import Interpreter
import Postgres
import StatesLanguage

/// The redrive of one execution, and what it writes.
struct Redrive {
    let id: ExecutionID
    let plan: RedrivePlan
    let root: BranchRow
    let count: Int
    /// When, by the database; not before the execution's last event.
    let time: Timestamp
    private let now: Timestamp

    /// `nil` where the execution has no root any more.
    init?(of execution: RedriveView.Execution, at now: Timestamp, lane: @escaping (_ state: String) -> String) {
        guard let root = execution.rows.first(where: { $0.key.isRoot }) else { return nil }
        id = execution.id
        self.root = root
        self.now = now
        count = execution.redriveCount + 1
        time = max(now, root.lastEventAt ?? now)
        plan = RedrivePlan(
            rows: execution.rows,
            errors: execution.errors,
            runs: execution.runs,
            event: root.lastEventID + 1,
            now: now,
            lane: lane
        )
    }

    /// What is ready for somebody by it.
    var lanes: Set<String> { Set(plan.changed.filter { $0.wake == .at(now) }.map(\.lane)) }

    /// ExecutionRedriven, which follows the execution's last event, and what follows it of map runs.
    private func history(_ mapRunARN: (RedrivableRun) -> String) -> [HistoryRow] {
        let event = root.lastEventID + 1
        let redriven = HistoryEvent(.executionRedriven, after: .chain, details: [("redriveCount", .number(count))])
        var rows = [
            HistoryRow(
                key: root.key,
                firstEventID: event,
                previousEventID: root.lastEventID,
                at: time,
                state: root.state,
                events: [redriven]
            )
        ]
        for (index, (key, run)) in plan.redrivenRuns.enumerated() {
            let details: [(String, HistoryEvent.Field)] = [
                ("mapRunArn", .text(mapRunARN(run))), ("redriveCount", .number(run.redriveCount + 1)),
            ]
            rows.append(
                HistoryRow(
                    key: key,
                    firstEventID: event + 1 + index,
                    previousEventID: event,
                    at: time,
                    state: run.state,
                    events: [HistoryEvent(.mapRunRedriven, after: .chain, details: details)]
                )
            )
        }
        return rows
    }

    /// What redrives write together.
    ///
    /// - Parameters:
    ///   - redrives: Of different executions, whose locks are held.
    ///   - revision: The revision that they go on with; `nil` is the one that each had.
    ///   - timeLimit: How long each may take from now on.
    ///   - mapRunARN: The ARN of a map run of one of them.
    /// - Returns: The statements, none where there are no redrives.
    static func statements(
        _ redrives: [Redrive],
        revision: RevisionID?,
        timeLimit: Duration?,
        mapRunARN: (RedrivableRun) -> String
    ) -> [Statement] {
        guard !redrives.isEmpty else { return [] }
        var writes = BatchWrites()
        writes.history = redrives.flatMap { $0.history(mapRunARN) }
        var statements = writes.statements
        statements.append(reopen(redrives))
        statements.append(restart(redrives, revision: revision, timeLimit: timeLimit))
        let runs = redrives.flatMap { redrive in redrive.plan.redrivenRuns.map { ($0.run.id, redrive.time) } }
        if !runs.isEmpty { statements.append(go(on: runs)) }
        return statements
    }

    private static func restart(_ redrives: [Redrive], revision: RevisionID?, timeLimit: Duration?) -> Statement {
        Statement(
            """
            UPDATE braid.executions AS e SET status = 'RUNNING', output = NULL, error = NULL, cause = NULL,
                stopped_at = NULL, redrive_count = e.redrive_count + 1, redriven_at = v.redriven_at,
                deadline = v.deadline, revision_id = coalesce($4, e.revision_id), map_run_redrive = (
                    SELECT r.redrive_count FROM braid.map_runs AS r WHERE r.map_run_id = e.map_run_id
                )
            FROM unnest($1::uuid[], $2::timestamptz[], $3::timestamptz[]) AS v (execution_id, redriven_at, deadline)
            WHERE e.execution_id = v.execution_id
            """,
            [
                .uuidArray(redrives.map(\.id.value)), .timestampArray(redrives.map(\.time.microseconds)),
                .timestampArray(redrives.map { redrive in timeLimit.map { (redrive.time + $0).microseconds } }),
                .optional(revision) { .int8($0.rawValue) },
            ]
        )
    }

    /// Opens branches again; what belonged to their last attempt or failure is forgotten, but what a map run was asked for.
    private static func reopen(_ redrives: [Redrive]) -> Statement {
        var rows: [BranchRow] = []
        for redrive in redrives {
            for var row in redrive.plan.changed {
                if row.key.isRoot {
                    row.lastEventID = redrive.root.lastEventID + 1 + redrive.plan.redrivenRuns.count
                    row.lastEventAt = redrive.time
                }
                rows.append(row)
            }
        }
        return Statement(
            """
            UPDATE braid.branches AS b SET status = v.status, phase = v.phase, lane = v.lane, wake_at = v.wake_at,
                first_child = v.first_child, child_count = v.child_count, next_child = v.next_child,
                open_children = v.open_children, failed_children = 0, previous_event_id = v.previous_event_id,
                tolerated_failures = CASE WHEN v.first_child IS NOT NULL THEN b.tolerated_failures END,
                last_event_id = v.last_event_id, last_event_at = v.last_event_at,
                task_input = CASE WHEN v.phase = 'D' THEN b.task_input END,
                retries = '', happening = NULL, task_token = NULL, heartbeat_ms = NULL,
                deadline = NULL, output = NULL, error = NULL, cause = NULL, worker = NULL, lease = NULL, lapses = 0
            FROM unnest($1::uuid[], $2::int4[], $3::text[], $4::text[], $5::text[], $6::timestamptz[], $7::int4[],
                $8::int4[], $9::int4[], $10::int4[], $11::int4[], $12::int4[], $13::timestamptz[])
                AS v (execution_id, branch_id, status, phase, lane, wake_at, first_child, child_count, next_child,
                    open_children, previous_event_id, last_event_id, last_event_at)
            WHERE b.execution_id = v.execution_id AND b.branch_id = v.branch_id
            """,
            [
                .uuidArray(rows.map(\.key.execution.value)), BranchColumns.int4(rows.map(\.key.branch)),
                .textArray(rows.map(\.status.rawValue)), .textArray(rows.map(\.phase.rawValue)),
                .textArray(rows.map(\.lane)), .timestampArray(rows.map { $0.wake.microseconds }),
                BranchColumns.int4(rows.map(\.firstChild)), BranchColumns.int4(rows.map(\.childCount)),
                BranchColumns.int4(rows.map(\.nextChild)), BranchColumns.int4(rows.map(\.openChildren)),
                BranchColumns.int4(rows.map(\.previousEventID)), BranchColumns.int4(rows.map(\.lastEventID)),
                .timestampArray(rows.map { $0.lastEventAt?.microseconds }),
            ]
        )
    }

    /// Has map runs go on: their children that did not succeed wait for being redriven.
    private static func go(on runs: [(MapRunID, Timestamp)]) -> Statement {
        Statement(
            """
            UPDATE braid.map_runs AS r SET status = 'RUNNING', stopped_at = NULL, error = NULL, cause = NULL,
                redrive_count = r.redrive_count + 1, redriven_at = v.redriven_at,
                redrive_children = greatest(r.children, (
                    SELECT max(first_child + child_count) FROM braid.map_run_results AS kept
                    WHERE kept.map_run_id = r.map_run_id
                )), redrive_cursor = 0, running_children = 0, running_items = 0, pending_failed = c.failed, pending_timed_out = c.timed_out,
                pending_aborted = c.aborted, pending_items_failed = c.items_failed,
                pending_items_timed_out = c.items_timed_out, pending_items_aborted = c.items_aborted,
                not_redrivable = 0, not_redrivable_items = 0, results_written = false
            FROM unnest($1::uuid[], $2::timestamptz[]) AS v (map_run_id, redriven_at)
            CROSS JOIN LATERAL (
                SELECT coalesce(sum(failed), 0)::int8 AS failed, coalesce(sum(timed_out), 0)::int8 AS timed_out,
                    coalesce(sum(aborted), 0)::int8 AS aborted, coalesce(sum(items_failed), 0)::int8 AS items_failed,
                    coalesce(sum(items_timed_out), 0)::int8 AS items_timed_out,
                    coalesce(sum(items_aborted), 0)::int8 AS items_aborted
                FROM braid.map_run_counts AS counts WHERE counts.map_run_id = v.map_run_id
            ) AS c
            WHERE r.map_run_id = v.map_run_id
            """,
            [.uuidArray(runs.map(\.0.value)), .timestampArray(runs.map(\.1.microseconds))]
        )
    }
}
