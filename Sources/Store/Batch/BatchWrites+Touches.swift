import Interpreter
import Postgres
import StatesLanguage

extension BatchWrites {
    /// Changes rows but for their payloads; an ended one loses its attempt.
    var touchBranches: Statement {
        Statement("\(Self.touch) FROM \(Self.touched) WHERE \(Self.isTouched)", Self.values(touches))
    }

    /// Changes the rows of branches that are ended from outside, and gives back the leases taken away with them.
    ///
    /// A branch may have been leased since the batch read it: so who holds it is read under its row's lock. Leasing skips
    /// rows that are locked, and waits for nothing.
    var abortBranches: Statement {
        Statement(
            """
            WITH v AS MATERIALIZED (SELECT * FROM \(Self.touched)
            ), held AS MATERIALIZED (
                SELECT b.execution_id, b.branch_id, b.worker, b.lease
                FROM v JOIN braid.branches AS b ON \(Self.isTouched)
                ORDER BY b.execution_id, b.branch_id FOR NO KEY UPDATE OF b
            ), ended AS (
                \(Self.touch) FROM v JOIN held ON held.execution_id = v.execution_id AND held.branch_id = v.branch_id
                WHERE \(Self.isTouched)
            )
            INSERT INTO braid.revocations (worker, lease, execution_id, branch_id, at)
            SELECT worker, lease, execution_id, branch_id, braid.now() FROM held WHERE worker IS NOT NULL
            RETURNING worker, lease, execution_id, branch_id
            """,
            Self.values(aborts)
        )
    }

    private static let touch = """
        UPDATE braid.branches AS b SET status = v.status, phase = v.phase, worker = v.worker, lease = v.lease, \
        wake_at = v.wake_at, lane = v.lane, previous_event_id = v.previous_event_id, happening = v.happening, \
        next_child = v.next_child, open_children = v.open_children, failed_children = v.failed_children, \
        last_event_id = v.last_event_id, last_event_at = v.last_event_at, next_branch_id = v.next_branch_id, \
        lapses = v.lapses, \
        task_token = CASE WHEN v.status IN ('OPEN', 'UNSTARTED') THEN b.task_token END, \
        task_input = CASE WHEN v.status IN ('OPEN', 'UNSTARTED') OR v.phase = 'D' THEN b.task_input END, \
        deadline = CASE WHEN v.status IN ('OPEN', 'UNSTARTED') THEN b.deadline END
        """

    private static let touched = """
        unnest($1::uuid[], $2::int4[], $3::text[], $4::text[], $5::int8[], $6::int8[], $7::timestamptz[], $8::text[], \
        $9::int4[], $10::text[], $11::int4[], $12::int4[], $13::int4[], $14::int4[], $15::timestamptz[], $16::int4[], \
        $17::int2[]) \
        AS v (execution_id, branch_id, status, phase, worker, lease, wake_at, lane, previous_event_id, happening, \
        next_child, open_children, failed_children, last_event_id, last_event_at, next_branch_id, \
        lapses)
        """

    private static let isTouched = "b.execution_id = v.execution_id AND b.branch_id = v.branch_id"

    private static func values(_ rows: [BranchRow]) -> [PostgresValue] {
        [
            .uuidArray(rows.map(\.key.execution.value)), BranchColumns.int4(rows.map(\.key.branch)),
            .textArray(rows.map(\.status.rawValue)), .textArray(rows.map(\.phase.rawValue)),
            .int8Array(rows.map { $0.lease?.worker.rawValue }), .int8Array(rows.map { $0.lease?.number }),
            .timestampArray(rows.map { $0.wake.microseconds }), .textArray(rows.map(\.lane)),
            BranchColumns.int4(rows.map(\.previousEventID)), .textArray(rows.map { $0.happening?.text }),
            BranchColumns.int4(rows.map(\.nextChild)), BranchColumns.int4(rows.map(\.openChildren)),
            BranchColumns.int4(rows.map(\.failedChildren)), BranchColumns.int4(rows.map(\.lastEventID)),
            .timestampArray(rows.map { $0.lastEventAt?.microseconds }), BranchColumns.int4(rows.map(\.nextBranchID)),
            .int2Array(rows.map { Int16(clamping: $0.lapses) }),
        ]
    }
}
