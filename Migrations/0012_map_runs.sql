-- Runs of Distributed Maps, whose children are executions of their own.

-- A run; written by whoever holds the branch of the Map state, under that execution's lock.
CREATE TABLE braid.map_runs (
    execution_id uuid NOT NULL,
    branch_id integer NOT NULL,
    map_run_id uuid NOT NULL,
    state text NOT NULL,
    label text NOT NULL,
    execution_type text NOT NULL CHECK (execution_type IN ('STANDARD', 'EXPRESS')),
    status text NOT NULL DEFAULT 'RUNNING' CHECK (status IN ('RUNNING', 'SUCCEEDED', 'FAILED', 'ABORTED')),
    started_at timestamptz NOT NULL,
    stopped_at timestamptz,
    redrive_count integer NOT NULL DEFAULT 0,
    redriven_at timestamptz,
    -- 0: as many as may be.
    max_concurrency integer NOT NULL,
    -- NULL: not given; if neither is, none is tolerated.
    tolerated_failure_count bigint,
    tolerated_failure_percentage double precision,
    -- Where reading goes on, as JSON; NULL at the start. It and the children that were made of what is in front of it are
    -- one transaction.
    cursor text,
    -- Items that were given to children, and those children.
    items bigint NOT NULL DEFAULT 0,
    children bigint NOT NULL DEFAULT 0,
    -- How many items there are; NULL while that is not known.
    total_items bigint,
    error text,
    cause text,
    -- Whether it ended while children ran, which are still to be stopped.
    leaves_children boolean NOT NULL DEFAULT false,
    PRIMARY KEY (execution_id, branch_id, map_run_id)
) WITH (fillfactor = 60);

CREATE UNIQUE INDEX map_runs_by_id ON braid.map_runs (map_run_id);
CREATE INDEX map_runs_with_children_left ON braid.map_runs (map_run_id) WHERE leaves_children;

-- How many of a run's children, and of their items, have ended; a row for each connection that counts, so that none waits
-- for another: what counts is the sum.
CREATE TABLE braid.map_run_counts (
    map_run_id uuid NOT NULL,
    slot integer NOT NULL,
    succeeded bigint NOT NULL,
    failed bigint NOT NULL,
    timed_out bigint NOT NULL,
    aborted bigint NOT NULL,
    items_succeeded bigint NOT NULL,
    items_failed bigint NOT NULL,
    items_timed_out bigint NOT NULL,
    items_aborted bigint NOT NULL,
    PRIMARY KEY (map_run_id, slot)
) WITH (fillfactor = 20);

-- Results of EXPRESS children, which have no rows of their own: a row for as many as were committed together, JSON.
CREATE TABLE braid.map_run_results (
    map_run_id uuid NOT NULL,
    first_child bigint NOT NULL,
    child_count integer NOT NULL,
    results text NOT NULL,
    PRIMARY KEY (map_run_id, first_child)
);

-- NULL: no map run's child.
ALTER TABLE braid.executions ADD COLUMN map_run_id uuid;
-- How many items a child was given.
ALTER TABLE braid.executions ADD COLUMN item_count integer;

-- Children are listed by their run, not by their machine.
DROP INDEX braid.executions_by_machine;
CREATE INDEX executions_by_machine ON braid.executions (state_machine_id, status, execution_id) WHERE map_run_id IS NULL;
CREATE INDEX executions_by_map_run ON braid.executions (map_run_id, status, execution_id) WHERE map_run_id IS NOT NULL;

-- For people: the runs, with how far each is.
CREATE VIEW braid.distributed_map_progress AS
SELECT r.map_run_id, r.execution_id, m.name AS state_machine, r.state, r.label, r.execution_type, r.status, r.started_at,
    r.stopped_at, r.max_concurrency, r.total_items,
    r.items - c.succeeded - c.failed - c.timed_out - c.aborted AS running_items, c.succeeded AS succeeded_items,
    c.failed AS failed_items, c.timed_out AS timed_out_items, c.aborted AS aborted_items, r.error, r.cause
FROM braid.map_runs AS r
JOIN braid.executions AS e ON e.execution_id = r.execution_id
JOIN braid.state_machines AS m ON m.state_machine_id = e.state_machine_id
CROSS JOIN LATERAL (
    SELECT coalesce(sum(items_succeeded), 0)::bigint AS succeeded, coalesce(sum(items_failed), 0)::bigint AS failed,
        coalesce(sum(items_timed_out), 0)::bigint AS timed_out, coalesce(sum(items_aborted), 0)::bigint AS aborted
    FROM braid.map_run_counts AS counts WHERE counts.map_run_id = r.map_run_id
) AS c;
