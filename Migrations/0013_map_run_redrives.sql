-- Redrives of map runs: what did not succeed runs again, piece by piece.

-- Children in front of `redrive_children` began before the last redrive; those in front of `redrive_cursor` have been
-- looked at since. How many wait for it, by how they ended: counted as ended in `map_run_counts` until their turn comes, and
-- shown as waiting only while the run goes on.
ALTER TABLE braid.map_runs
    ADD COLUMN redrive_children bigint NOT NULL DEFAULT 0,
    ADD COLUMN redrive_cursor bigint NOT NULL DEFAULT 0,
    ADD COLUMN pending_failed bigint NOT NULL DEFAULT 0,
    ADD COLUMN pending_timed_out bigint NOT NULL DEFAULT 0,
    ADD COLUMN pending_aborted bigint NOT NULL DEFAULT 0,
    ADD COLUMN pending_items_failed bigint NOT NULL DEFAULT 0,
    ADD COLUMN pending_items_timed_out bigint NOT NULL DEFAULT 0,
    ADD COLUMN pending_items_aborted bigint NOT NULL DEFAULT 0,
    -- What the last redrive found that cannot be redriven.
    ADD COLUMN not_redrivable bigint NOT NULL DEFAULT 0,
    ADD COLUMN not_redrivable_items bigint NOT NULL DEFAULT 0;

-- For people: the runs, with how far each is.
CREATE OR REPLACE VIEW braid.distributed_map_progress AS
SELECT r.map_run_id, r.execution_id, m.name AS state_machine, r.state, r.label, r.execution_type, r.status, r.started_at,
    r.stopped_at, r.max_concurrency, r.total_items,
    r.items - c.succeeded - c.failed - c.timed_out - c.aborted AS running_items, c.succeeded AS succeeded_items,
    c.failed - p.failed AS failed_items, c.timed_out - p.timed_out AS timed_out_items,
    c.aborted - p.aborted AS aborted_items, r.error, r.cause,
    p.failed + p.timed_out + p.aborted AS pending_redrive_items, r.redrive_count
FROM braid.map_runs AS r
JOIN braid.executions AS e ON e.execution_id = r.execution_id
JOIN braid.state_machines AS m ON m.state_machine_id = e.state_machine_id
CROSS JOIN LATERAL (
    SELECT coalesce(sum(items_succeeded), 0)::bigint AS succeeded, coalesce(sum(items_failed), 0)::bigint AS failed,
        coalesce(sum(items_timed_out), 0)::bigint AS timed_out, coalesce(sum(items_aborted), 0)::bigint AS aborted
    FROM braid.map_run_counts AS counts WHERE counts.map_run_id = r.map_run_id
) AS c
CROSS JOIN LATERAL (
    SELECT CASE WHEN r.status = 'RUNNING' THEN r.pending_items_failed ELSE 0 END AS failed,
        CASE WHEN r.status = 'RUNNING' THEN r.pending_items_timed_out ELSE 0 END AS timed_out,
        CASE WHEN r.status = 'RUNNING' THEN r.pending_items_aborted ELSE 0 END AS aborted
) AS p;
