-- Children of EXPRESS runs are told of while they run, and their results kept in any order.

-- How many children run in memory, and how many items those were given, as told last: they are in no other count. `children`
-- and `items` are those in front of the cursor, all of which have ended; results of others behind it may be kept. What ran
-- when its run was ended from outside counts as aborted.
ALTER TABLE braid.map_runs
    ADD COLUMN running_children bigint NOT NULL DEFAULT 0,
    ADD COLUMN running_items bigint NOT NULL DEFAULT 0;

-- For people: the runs, with how far each is.
CREATE OR REPLACE VIEW braid.distributed_map_progress AS
SELECT r.map_run_id, r.execution_id, m.name AS state_machine, r.state, r.label, r.execution_type, r.status, r.started_at,
    r.stopped_at, r.max_concurrency, r.total_items,
    CASE WHEN r.execution_type = 'STANDARD' THEN r.items - c.succeeded - c.failed - c.timed_out - c.aborted
        WHEN r.status = 'RUNNING' THEN r.running_items ELSE 0 END AS running_items, c.succeeded AS succeeded_items,
    c.failed - p.failed AS failed_items, c.timed_out - p.timed_out AS timed_out_items,
    c.aborted - p.aborted
        + CASE WHEN r.execution_type = 'EXPRESS' AND r.status <> 'RUNNING' THEN r.running_items ELSE 0 END AS aborted_items,
    r.error, r.cause, p.failed + p.timed_out + p.aborted AS pending_redrive_items, r.redrive_count
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
