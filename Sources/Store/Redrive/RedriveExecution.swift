import Interpreter
import JSON
import Postgres
package import StatesLanguage

/// What a redrive is asked for.
package struct RedriveRequest: Sendable {
    package var id: ExecutionID
    /// The same one again within a quarter of an hour is the same request.
    package var clientToken: String?
    /// Whether it may be redriven, as far as was known before: if not, only the same request before answers.
    package var isAllowed: Bool
    /// The revision that it goes on with; `nil` is the one that it had.
    package var revision: RevisionID?
    /// How long it may take from now on.
    package var timeLimit: Duration?
    /// What a branch needs next that stands before the work of a state.
    package var lane: @Sendable (_ state: String) -> String
    /// Why branches that stand like this cannot go on with that revision; `nil` if they can.
    package var misfit: @Sendable (_ branches: [BranchRow]) -> String?

    package init(
        id: ExecutionID,
        clientToken: String?,
        isAllowed: Bool = true,
        revision: RevisionID? = nil,
        timeLimit: Duration? = nil,
        lane: @escaping @Sendable (_ state: String) -> String = { _ in "" },
        misfit: @escaping @Sendable (_ branches: [BranchRow]) -> String? = { _ in nil }
    ) {
        self.id = id
        self.clientToken = clientToken
        self.isAllowed = isAllowed
        self.revision = revision
        self.timeLimit = timeLimit
        self.lane = lane
        self.misfit = misfit
    }
}

/// What came of a redrive.
package enum RedriveOutcome: Sendable, Equatable {
    case redriven(at: Timestamp, lanes: Set<String>)
    /// The same request did it before, at this time.
    case redrivenBefore(at: Timestamp)
    /// It runs, or has succeeded, by now.
    case notEnded
    /// It cannot go on with that revision.
    case misfit(String)
}

extension Store {
    /// Has an execution that did not succeed go on from where it stood, in one transaction under its lock.
    ///
    /// Whether it may is asked before (``ExecutionRecord/redriveRefusal(at:)``); here only what may have changed since.
    package func redriveExecution(_ request: RedriveRequest) async throws(StoreError) -> RedriveOutcome {
        do {
            return try await pool.transaction { transaction throws(PostgresError) in
                let id = PostgresValue.uuid(request.id.value)
                let results = try await transaction.pipeline([
                    Statement(
                        "SELECT 1 FROM braid.branches WHERE branch_id = 0 AND execution_id = $1 FOR NO KEY UPDATE",
                        [id]
                    ),
                    Statement(
                        "DELETE FROM braid.redrive_tokens WHERE redriven_at < braid.now() - interval '15 minutes'",
                        []
                    ),
                    Statement(
                        "SELECT redriven_at FROM braid.redrive_tokens WHERE execution_id = $1 AND token = $2",
                        [id, .optional(request.clientToken, PostgresValue.text)]
                    ),
                    Statement(
                        "SELECT status, redrive_count FROM braid.executions WHERE execution_id = $1",
                        [id]
                    ),
                    Statement(
                        """
                        SELECT \(BranchRow.columns), b.error, braid.now() FROM braid.branches AS b
                        WHERE b.execution_id = $1 AND b.status <> 'SUCCEEDED'
                        """,
                        [id]
                    ),
                ])
                if let before = results[2].first {
                    return .redrivenBefore(at: Timestamp(microseconds: try before[0]))
                }
                guard request.isAllowed, let execution = results[3].first, try execution[0] as String != "RUNNING",
                    try execution[0] as String != "SUCCEEDED"
                else { return .notEnded }
                let count = try execution[1] as Int + 1
                var rows: [BranchRow] = []
                var errors: [BranchKey: String] = [:]
                var now = Timestamp(microseconds: 0)
                for row in results[4] {
                    let branch = try BranchRow(row)
                    rows.append(branch)
                    errors[branch.key] = try row[28]
                    now = Timestamp(microseconds: try row[29])
                }
                guard let root = rows.first(where: { $0.key.isRoot }) else { return .notEnded }
                let time = max(now, root.lastEventAt ?? now)
                let plan = RedrivePlan(
                    rows: rows,
                    errors: errors,
                    event: root.lastEventID + 1,
                    now: now,
                    lane: request.lane
                )
                if let reason = request.misfit(plan.changed) { return .misfit(reason) }
                var writes = BatchWrites()
                writes.history = [.redriven(root, count: count, at: time)]
                var statements = writes.statements
                statements.append(Self.reopen(plan.changed, at: time))
                statements.append(Self.restart(request, at: time))
                if let token = request.clientToken {
                    statements.append(
                        Statement(
                            "INSERT INTO braid.redrive_tokens (execution_id, token, redriven_at) VALUES ($1, $2, $3)",
                            [id, .text(token), .timestamp(time.microseconds)]
                        )
                    )
                }
                _ = try await transaction.commit(statements)
                let lanes = plan.changed.filter { $0.wake == .at(now) }.map(\.lane)
                return .redriven(at: time, lanes: Set(lanes))
            }
        } catch {
            throw StoreError(error)
        }
    }

    private static func restart(_ request: RedriveRequest, at time: Timestamp) -> Statement {
        Statement(
            """
            UPDATE braid.executions SET status = 'RUNNING', output = NULL, error = NULL, cause = NULL, stopped_at = NULL,
                redrive_count = redrive_count + 1, redriven_at = $2, deadline = $3,
                revision_id = coalesce($4, revision_id)
            WHERE execution_id = $1
            """,
            [
                .uuid(request.id.value), .timestamp(time.microseconds),
                .optional(request.timeLimit.map { time + $0 }) { .timestamp($0.microseconds) },
                .optional(request.revision) { .int8($0.rawValue) },
            ]
        )
    }

    /// Opens branches again; what belonged to their last attempt or failure is forgotten.
    private static func reopen(_ rows: [BranchRow], at time: Timestamp) -> Statement {
        Statement(
            """
            UPDATE braid.branches AS b SET status = v.status, phase = v.phase, lane = v.lane, wake_at = v.wake_at,
                first_child = v.first_child, child_count = v.child_count, next_child = v.next_child,
                open_children = v.open_children, failed_children = 0, previous_event_id = v.previous_event_id,
                tolerated_failures = CASE WHEN v.first_child IS NOT NULL THEN b.tolerated_failures END,
                last_event_id = b.last_event_id + CASE WHEN b.branch_id = 0 THEN 1 ELSE 0 END,
                last_event_at = CASE WHEN b.branch_id = 0 THEN $11 ELSE b.last_event_at END,
                retries = '', happening = NULL, task_token = NULL, task_input = NULL, heartbeat_ms = NULL,
                deadline = NULL, output = NULL, error = NULL, cause = NULL, worker = NULL, lease = NULL, lapses = 0
            FROM unnest($1::uuid[], $2::int4[], $3::text[], $4::text[], $5::text[], $6::timestamptz[], $7::int4[],
                $8::int4[], $9::int4[], $10::int4[], $12::int4[])
                AS v (execution_id, branch_id, status, phase, lane, wake_at, first_child, child_count, next_child,
                    open_children, previous_event_id)
            WHERE b.execution_id = v.execution_id AND b.branch_id = v.branch_id
            """,
            [
                .uuidArray(rows.map(\.key.execution.value)), BranchColumns.int4(rows.map(\.key.branch)),
                .textArray(rows.map(\.status.rawValue)), .textArray(rows.map(\.phase.rawValue)),
                .textArray(rows.map(\.lane)), .timestampArray(rows.map { $0.wake.microseconds }),
                BranchColumns.int4(rows.map(\.firstChild)), BranchColumns.int4(rows.map(\.childCount)),
                BranchColumns.int4(rows.map(\.nextChild)), BranchColumns.int4(rows.map(\.openChildren)),
                .timestamp(time.microseconds), BranchColumns.int4(rows.map(\.previousEventID)),
            ]
        )
    }
}

extension HistoryRow {
    /// ExecutionRedriven, which follows the execution's last event.
    fileprivate static func redriven(_ root: BranchRow, count: Int, at time: Timestamp) -> HistoryRow {
        HistoryRow(
            key: root.key,
            firstEventID: root.lastEventID + 1,
            previousEventID: root.lastEventID,
            at: time,
            state: root.state,
            events: [
                HistoryEvent(.executionRedriven, after: .chain, details: [("redriveCount", .number(count))])
            ]
        )
    }
}
