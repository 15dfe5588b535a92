import Interpreter
import JSON
import Postgres
import StatesLanguage

extension BatchWrites {
    /// The statements that write it, in the order of keys within each; none where there is nothing to write.
    ///
    /// The one that gives back started siblings is the last, and before it the one that gives back the leases taken away.
    var statements: [Statement] { statements(updating: nil) }

    /// The same with another statement in place of the one that updates rows of branches, and in front of all.
    func statements(updating: Statement?) -> [Statement] {
        var statements: [Statement] = updating.map { [$0] } ?? []
        if !executions.isEmpty { statements.append(insertExecutions) }
        if executions.contains(where: { $0.start.link != nil }) { statements.append(insertNested) }
        if !inserts.isEmpty { statements.append(Statement(BranchColumns.insert, BranchColumns.bornValues(inserts))) }
        if !updates.isEmpty, updating == nil {
            statements.append(Statement(BranchColumns.update, BranchColumns.values(updates)))
        }
        if !touches.isEmpty { statements.append(touchBranches) }
        if !history.isEmpty { statements.append(insertHistory) }
        if !endsOfOthers.isEmpty { statements.append(endExecutions) }
        statements += mapRunStatements
        if !aborts.isEmpty { statements.append(abortBranches) }
        if !siblings.isEmpty { statements.append(startSiblings) }
        return statements
    }

    /// Ends of executions that began before this batch; those of its own are inserted as ended.
    private var endsOfOthers: [ExecutionEnd] {
        let born = Set(executions.map(\.start.id))
        return ends.filter { !born.contains($0.id) }
    }

    private var insertExecutions: Statement {
        let starts = executions.map(\.start).sorted { $0.id < $1.id }
        let ended = Dictionary(ends.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
        return Statement(
            """
            INSERT INTO braid.executions (execution_id, state_machine_id, revision_id, started_at, deadline, name, input,
                trace_header, status, output, error, cause, stopped_at, version, alias, started_by,
                test_doubles, map_run_id, item_count)
            SELECT * FROM unnest($1::uuid[], $2::int8[], $3::int8[], $4::timestamptz[], $5::timestamptz[], $6::text[],
                $7::text[], $8::text[], $9::text[], $10::text[], $11::text[], $12::text[], $13::timestamptz[],
                $14::int4[], $15::text[], $16::text[], $17::text[], $18::uuid[], $19::int4[])
            """,
            [
                .uuidArray(starts.map(\.id.value)), .int8Array(starts.map(\.machine.rawValue)),
                .int8Array(starts.map(\.revision.rawValue)), .timestampArray(starts.map(\.at.microseconds)),
                .timestampArray(starts.map { $0.deadline?.microseconds }), .textArray(starts.map(\.name)),
                .textArray(starts.map(\.input.text)), .textArray(starts.map(\.traceHeader)),
                .textArray(starts.map { ended[$0.id]?.status.rawValue ?? "RUNNING" }),
                .textArray(starts.map { ended[$0.id]?.output?.text }),
                .textArray(starts.map { ended[$0.id]?.failure?.error?.withoutNUL }),
                .textArray(starts.map { ended[$0.id]?.failure?.cause?.withoutNUL }),
                .timestampArray(starts.map { ended[$0.id]?.stoppedAt.microseconds }),
                .int4Array(starts.map { $0.version.map { Int32(clamping: $0) } }), .textArray(starts.map(\.alias)),
                .textArray(starts.map(\.startedBy)), .textArray(starts.map { $0.doubles?.text }),
                .uuidArray(starts.map(\.mapRun?.value)),
                .int4Array(starts.map { $0.itemCount.map { Int32(clamping: $0) } }),
            ]
        )
    }

    /// Notes which attempts wait for executions that begin.
    private var insertNested: Statement {
        let starts = executions.map(\.start).filter { $0.link != nil }.sorted { $0.id < $1.id }
        return Statement(
            """
            INSERT INTO braid.nested_executions (parent_id, branch_id, token, child_id, structured)
            SELECT * FROM unnest($1::uuid[], $2::int4[], $3::text[], $4::uuid[], $5::bool[]) ON CONFLICT DO NOTHING
            """,
            [
                .uuidArray(starts.compactMap(\.link?.parent.execution.value)),
                BranchColumns.int4(starts.compactMap(\.link?.parent.branch)),
                .textArray(starts.map(\.link?.token)), .uuidArray(starts.map(\.id.value)),
                .boolArray(starts.map { $0.link?.isStructured }),
            ]
        )
    }

    private var endExecutions: Statement {
        let ends = endsOfOthers.sorted { $0.id < $1.id }
        return Statement(
            """
            WITH ended AS (
                UPDATE braid.executions AS e
                SET status = v.status, output = v.output, error = v.error, cause = v.cause, stopped_at = v.stopped_at
                FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::timestamptz[])
                    AS v (execution_id, status, output, error, cause, stopped_at)
                WHERE e.execution_id = v.execution_id
                RETURNING e.map_run_id, e.status, e.item_count
            )
            \(Self.countMapRuns)
            """,
            [
                .uuidArray(ends.map(\.id.value)), .textArray(ends.map(\.status.rawValue)),
                .textArray(ends.map { $0.output?.text }), .textArray(ends.map { $0.failure?.error?.withoutNUL }),
                .textArray(ends.map { $0.failure?.cause?.withoutNUL }),
                .timestampArray(ends.map(\.stoppedAt.microseconds)),
            ]
        )
    }

    private var insertHistory: Statement {
        Statement(
            """
            INSERT INTO braid.history (execution_id, first_event_id, event_count, previous_event_id, branch_id, at, state,
                error, events, payloads)
            SELECT * FROM unnest($1::uuid[], $2::int4[], $3::int4[], $4::int4[], $5::int4[], $6::timestamptz[], $7::text[],
                $8::text[], $9::text[], $10::text[])
            """,
            [
                .uuidArray(history.map(\.key.execution.value)), BranchColumns.int4(history.map(\.firstEventID)),
                BranchColumns.int4(history.map(\.eventCount)), BranchColumns.int4(history.map(\.previousEventID)),
                BranchColumns.int4(history.map(\.key.branch)), .timestampArray(history.map(\.at.microseconds)),
                .textArray(history.map(\.state)), .textArray(history.map(\.error)), .textArray(history.map(\.events)),
                .textArray(history.map(\.payloads)),
            ]
        )
    }

    /// Begins unstarted iterations; whoever takes one gets it back.
    private var startSiblings: Statement {
        let siblings = siblings.sorted { $0.key < $1.key }
        return Statement(
            """
            UPDATE braid.branches AS b SET status = 'OPEN', previous_event_id = v.previous_event_id, worker = v.worker,
                lease = v.lease, wake_at = CASE WHEN v.worker IS NULL THEN braid.now() ELSE 'infinity' END
            FROM unnest($1::uuid[], $2::int4[], $3::int4[], $4::int8[], $5::int8[])
                AS v (execution_id, branch_id, previous_event_id, worker, lease)
            WHERE b.execution_id = v.execution_id AND b.branch_id = v.branch_id
            RETURNING b.execution_id, b.branch_id, b.ordinal, b.state, b.input, b.item, b.previous_event_id, b.lane
            """,
            [
                .uuidArray(siblings.map(\.key.execution.value)), BranchColumns.int4(siblings.map(\.key.branch)),
                BranchColumns.int4(siblings.map(\.previousEventID)),
                .int8Array(siblings.map { $0.lease?.worker.rawValue }), .int8Array(siblings.map { $0.lease?.number }),
            ]
        )
    }
}
