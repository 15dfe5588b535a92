import Interpreter
import JSON
import Postgres
import StatesLanguage

extension BatchWrites {
    /// What is written of map runs; each is written under the lock of its execution, but for the counts, of which every
    /// connection has rows of its own.
    var mapRunStatements: [Statement] {
        var statements: [Statement] = []
        // A transition may end one run and ask for the next; what is aborted may have begun in this batch.
        if !mapRunEnds.isEmpty { statements.append(Self.end(mapRunEnds)) }
        if !mapRuns.isEmpty { statements.append(insertMapRuns) }
        let born = executions.map(\.start).filter { $0.mapRun != nil }
        if !born.isEmpty, !ends.isEmpty { statements.append(countBorn(born)) }
        if !mapRunSteps.isEmpty { statements.append(stepMapRuns) }
        let results = mapRunSteps.flatMap { step in step.results.map { (step.run, $0) } }
        if !results.isEmpty { statements.append(keepResults(results)) }
        if !mapRunAborts.isEmpty { statements.append(Self.end(mapRunAborts)) }
        return statements
    }

    private var insertMapRuns: Statement {
        let runs = mapRuns.sorted { $0.key < $1.key }
        return Statement(
            """
            INSERT INTO braid.map_runs (execution_id, branch_id, map_run_id, state, label, execution_type, started_at,
                max_concurrency, tolerated_failure_count, tolerated_failure_percentage)
            SELECT execution_id, branch_id, map_run_id, state, label, execution_type, started_at, max_concurrency,
                tolerated_failure_count, tolerated_failure_percentage::float8
            FROM unnest($1::uuid[], $2::int4[], $3::uuid[], $4::text[], $5::text[], $6::text[], $7::timestamptz[],
                $8::int4[], $9::int8[], $10::text[]) AS v (execution_id, branch_id, map_run_id, state, label,
                execution_type, started_at, max_concurrency, tolerated_failure_count, tolerated_failure_percentage)
            ON CONFLICT DO NOTHING
            """,
            [
                .uuidArray(runs.map(\.key.execution.value)), BranchColumns.int4(runs.map(\.key.branch)),
                .uuidArray(runs.map(\.run.value)), .textArray(runs.map(\.request.state)),
                .textArray(runs.map(\.request.label)), .textArray(runs.map(\.request.type.rawValue)),
                .timestampArray(runs.map(\.at.microseconds)), BranchColumns.int4(runs.map(\.request.maxConcurrency)),
                .int8Array(runs.map { $0.request.toleratedFailures.map { Int64($0) } }),
                .textArray(runs.map { $0.request.toleratedPercentage.map { "\($0)" } }),
            ]
        )
    }

    private var stepMapRuns: Statement {
        Statement(
            """
            UPDATE braid.map_runs AS r SET cursor = v.cursor, items = v.items, children = v.children,
                total_items = coalesce(v.total_items, r.total_items), running_children = v.running_children,
                running_items = v.running_items
            FROM unnest($1::uuid[], $2::text[], $3::int8[], $4::int8[], $5::int8[], $6::int8[], $7::int8[])
                AS v (map_run_id, cursor, items, children, total_items, running_children, running_items)
            WHERE r.map_run_id = v.map_run_id
            """,
            [
                .uuidArray(lastSteps.map(\.run.value)), .textArray(lastSteps.map(\.cursor)),
                .int8Array(lastSteps.map { Int64($0.items) }), .int8Array(lastSteps.map { Int64($0.children) }),
                .int8Array(lastSteps.map { $0.total.map { Int64($0) } }),
                .int8Array(lastSteps.map { Int64($0.running.children) }),
                .int8Array(lastSteps.map { Int64($0.running.items) }),
            ]
        )
    }

    /// The last step of each run: it tells where all of them lead.
    private var lastSteps: [ChildrenSubmission] {
        Dictionary(mapRunSteps.map { ($0.run, $0) }, uniquingKeysWith: { _, last in last }).values
            .sorted { $0.run < $1.run }
    }

    private static func end(_ ends: [MapRunEnd]) -> Statement {
        let ends = ends.sorted { $0.key < $1.key }
        return Statement(
            """
            UPDATE braid.map_runs AS r SET status = v.status, stopped_at = greatest(v.stopped_at, r.started_at),
                error = v.error, cause = v.cause, leaves_children = v.leaves_children,
                uploads = CASE WHEN v.leaves_children THEN r.uploads END
            FROM unnest($1::uuid[], $2::int4[], $3::text[], $4::text[], $5::text[], $6::timestamptz[], $7::bool[])
                AS v (execution_id, branch_id, status, error, cause, stopped_at, leaves_children)
            WHERE r.execution_id = v.execution_id AND r.branch_id = v.branch_id AND r.status = 'RUNNING'
            """,
            [
                .uuidArray(ends.map(\.key.execution.value)), BranchColumns.int4(ends.map(\.key.branch)),
                .textArray(ends.map(\.status.rawValue)), .textArray(ends.map { $0.failure?.error?.withoutNUL }),
                .textArray(ends.map { $0.failure?.cause?.withoutNUL }),
                .timestampArray(ends.map(\.at.microseconds)), .boolArray(ends.map(\.leavesChildren)),
            ]
        )
    }

    // MARK: Counts

    /// Counts the ends that `ended` tells (`map_run_id`, `status`, `item_count`), in rows of this connection's own.
    static let countMapRuns = """
        INSERT INTO braid.map_run_counts AS c (map_run_id, slot, succeeded, failed, timed_out, aborted, items_succeeded,
            items_failed, items_timed_out, items_aborted)
        SELECT map_run_id, pg_backend_pid(), count(*) FILTER (WHERE status = 'SUCCEEDED'),
            count(*) FILTER (WHERE status = 'FAILED'), count(*) FILTER (WHERE status = 'TIMED_OUT'),
            count(*) FILTER (WHERE status = 'ABORTED'),
            coalesce(sum(item_count) FILTER (WHERE status = 'SUCCEEDED'), 0),
            coalesce(sum(item_count) FILTER (WHERE status = 'FAILED'), 0),
            coalesce(sum(item_count) FILTER (WHERE status = 'TIMED_OUT'), 0),
            coalesce(sum(item_count) FILTER (WHERE status = 'ABORTED'), 0)
        FROM ended WHERE map_run_id IS NOT NULL GROUP BY map_run_id
        \(add)
        """

    private static let add = """
        ON CONFLICT (map_run_id, slot) DO UPDATE SET succeeded = c.succeeded + excluded.succeeded,
            failed = c.failed + excluded.failed, timed_out = c.timed_out + excluded.timed_out,
            aborted = c.aborted + excluded.aborted, items_succeeded = c.items_succeeded + excluded.items_succeeded,
            items_failed = c.items_failed + excluded.items_failed,
            items_timed_out = c.items_timed_out + excluded.items_timed_out,
            items_aborted = c.items_aborted + excluded.items_aborted
        """

    /// Counts children that ended in the transaction in which they began.
    private func countBorn(_ starts: [StartSubmission]) -> Statement {
        let ended = Dictionary(ends.map { ($0.id, $0.status) }, uniquingKeysWith: { first, _ in first })
        let over = starts.filter { ended[$0.id] != nil }
        return Statement(
            """
            WITH ended AS (
                SELECT * FROM unnest($1::uuid[], $2::text[], $3::int4[]) AS v (map_run_id, status, item_count)
            )
            \(Self.countMapRuns)
            """,
            [
                .uuidArray(over.map(\.mapRun?.value)), .textArray(over.map { ended[$0.id]?.rawValue }),
                BranchColumns.int4(over.map { $0.itemCount ?? 1 }),
            ]
        )
    }

    /// Keeps what came of children that ran in memory, and counts them; nothing of what an earlier try has kept, whose answer
    /// was lost: nobody else keeps results behind the fence.
    private func keepResults(_ all: [(run: MapRunID, results: ChildResults)]) -> Statement {
        let results = all.map(\.results)
        return Statement(
            """
            WITH v AS (
                SELECT * FROM unnest($1::uuid[], $2::int8[], $3::int8[], $4::int8[], $5::int8[], $6::int8[], $7::int8[],
                    $8::int8[], $9::int8[], $10::int8[], $11::int4[], $12::text[])
                    AS v (map_run_id, a, b, d, e, f, g, h, i, first_child, child_count, results)
            ), kept AS (
                INSERT INTO braid.map_run_results (map_run_id, first_child, child_count, results, redrives)
                SELECT map_run_id, first_child, child_count, results, (
                    SELECT array_fill(r.redrive_count, ARRAY[v.child_count]) FROM braid.map_runs AS r
                    WHERE r.map_run_id = v.map_run_id AND r.redrive_count > 0
                ) FROM v
                ON CONFLICT DO NOTHING RETURNING map_run_id, first_child
            )
            \(Self.addUp) FROM v JOIN kept USING (map_run_id, first_child)
            GROUP BY map_run_id
            \(Self.add)
            """,
            Self.values(all.map { ($0.run, $0.results.counts) }) + [
                .int8Array(results.map { Int64($0.firstChild) }), BranchColumns.int4(results.map(\.children)),
                .textArray(results.map(\.text)),
            ]
        )
    }

    /// Adds to the counts of runs; what is below 0 takes away.
    static func count(_ counts: [(run: MapRunID, counts: MapRunCounts)]) -> Statement {
        Statement(
            """
            \(addUp)
            FROM unnest($1::uuid[], $2::int8[], $3::int8[], $4::int8[], $5::int8[], $6::int8[], $7::int8[],
                $8::int8[], $9::int8[]) AS v (map_run_id, a, b, d, e, f, g, h, i)
            GROUP BY map_run_id
            \(add)
            """,
            values(counts)
        )
    }

    private static let addUp = """
        INSERT INTO braid.map_run_counts AS c (map_run_id, slot, succeeded, failed, timed_out, aborted,
            items_succeeded, items_failed, items_timed_out, items_aborted)
        SELECT map_run_id, pg_backend_pid(), sum(a), sum(b), sum(d), sum(e), sum(f), sum(g), sum(h), sum(i)
        """

    private static func values(_ counts: [(run: MapRunID, counts: MapRunCounts)]) -> [PostgresValue] {
        func int8(_ value: (MapRunCounts) -> Int) -> PostgresValue {
            .int8Array(counts.map { Int64(value($0.counts)) })
        }
        return [
            .uuidArray(counts.map(\.run.value)), int8(\.executions.succeeded), int8(\.executions.failed),
            int8(\.executions.timedOut), int8(\.executions.aborted), int8(\.items.succeeded), int8(\.items.failed),
            int8(\.items.timedOut), int8(\.items.aborted),
        ]
    }
}
