-- Executions, their branches and their history. Every key leads with execution_id, so that a sharding PostgreSQL needs no
-- redesign; no foreign keys, whose checks would lock rows that the engine locks in an order of its own.

-- Written at start, end and redrive only.
CREATE TABLE braid.executions (
    execution_id uuid PRIMARY KEY,
    state_machine_id bigint NOT NULL,
    revision_id bigint NOT NULL,
    started_at timestamptz NOT NULL,
    stopped_at timestamptz,
    -- When the whole execution times out; NULL is never.
    deadline timestamptz,
    redriven_at timestamptz,
    redrive_count integer NOT NULL DEFAULT 0,
    status text NOT NULL DEFAULT 'RUNNING'
        CHECK (status IN ('RUNNING', 'SUCCEEDED', 'FAILED', 'TIMED_OUT', 'ABORTED')),
    -- NULL: nobody named it, its name is its id.
    name text,
    input text NOT NULL,
    output text,
    error text,
    cause text,
    trace_header text
) WITH (fillfactor = 80);

CREATE INDEX executions_by_machine ON braid.executions (state_machine_id, status, execution_id);
CREATE INDEX executions_by_deadline ON braid.executions (deadline) WHERE status = 'RUNNING' AND deadline IS NOT NULL;
CREATE INDEX executions_by_stop ON braid.executions (stopped_at) WHERE status <> 'RUNNING';

-- The names that were given; a name is taken while its row is here.
CREATE TABLE braid.execution_names (
    state_machine_id bigint NOT NULL,
    name text NOT NULL,
    execution_id uuid NOT NULL,
    PRIMARY KEY (state_machine_id, name)
);

-- A line of control. The root's row (branch_id 0) is the execution's lock: every transaction that changes a branch, other
-- than leasing, locks it FOR NO KEY UPDATE first.
CREATE TABLE braid.branches (
    execution_id uuid NOT NULL,
    branch_id integer NOT NULL,
    -- The fence: a commit names all three as it knows them.
    transition integer NOT NULL DEFAULT 0,
    worker bigint,
    lease bigint,
    -- A time: ready then. 'infinity': leased. NULL: awaits children or an outside event, is unstarted, or has ended.
    wake_at timestamptz,
    entered_at timestamptz,
    deadline timestamptz,
    parent_id integer,
    -- Which child of its parent it is, counted from 0.
    ordinal integer NOT NULL DEFAULT 0,
    entered_event_id integer,
    previous_event_id integer NOT NULL DEFAULT 0,
    heartbeat_ms integer,
    -- The children of the state that it stands in: branch ids first_child to first_child + child_count - 1.
    first_child integer,
    child_count integer NOT NULL DEFAULT 0,
    -- Ordinals from here on are unstarted.
    next_child integer NOT NULL DEFAULT 0,
    open_children integer NOT NULL DEFAULT 0,
    failed_children integer NOT NULL DEFAULT 0,
    -- NULL: none tolerated.
    tolerated_failures integer,
    -- Of the execution, in the root's row only.
    last_event_id integer NOT NULL DEFAULT 0,
    next_branch_id integer NOT NULL DEFAULT 1,
    last_event_at timestamptz,
    -- How often in a row a worker died while it held the branch.
    lapses smallint NOT NULL DEFAULT 0,
    kind text NOT NULL CHECK (kind IN ('root', 'branch', 'iteration')),
    status text NOT NULL DEFAULT 'OPEN'
        CHECK (status IN ('OPEN', 'UNSTARTED', 'SUCCEEDED', 'FAILED', 'ABORTED', 'TIMED_OUT')),
    -- See Interpreter's Branch.Phase.
    phase text NOT NULL DEFAULT 'S',
    -- What it needs next: the Resource that it will perform, or '' when any worker will do.
    lane text NOT NULL DEFAULT '',
    state text NOT NULL,
    -- Retries made by each retrier of its present state, such as '0,2'.
    retries text NOT NULL DEFAULT '',
    input text NOT NULL,
    item text,
    variables text,
    task_input text,
    task_token text,
    -- What came from outside and is not yet taken up.
    happening text,
    output text,
    error text,
    cause text,
    PRIMARY KEY (execution_id, branch_id)
) WITH (fillfactor = 60, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 5000,
    autovacuum_analyze_scale_factor = 0.05, autovacuum_vacuum_cost_delay = 1);

-- The only index beside the key: both columns change only when a branch is leased or released, so that a kept lease's
-- updates stay HOT.
CREATE INDEX branches_by_lane ON braid.branches (lane, wake_at) WHERE wake_at IS NOT NULL;

-- One row a transition. `events` is a JSON array of [code of the type, previous, {details}, state]: previous is 0 for none,
-- k for the row's k-th event, -1 for previous_event_id; the state stands there where neither details nor row name it. A payload (input, output, parameters) is a number there: its place,
-- counted from 1, among `payloads`, JSON texts with U+001E between them, which no JSON text can hold.
CREATE TABLE braid.history (
    execution_id uuid NOT NULL,
    first_event_id integer NOT NULL,
    event_count integer NOT NULL,
    previous_event_id integer NOT NULL,
    branch_id integer NOT NULL,
    at timestamptz NOT NULL,
    state text,
    error text,
    events text NOT NULL,
    payloads text NOT NULL,
    PRIMARY KEY (execution_id, first_event_id)
) PARTITION BY RANGE (execution_id);

-- What lies in no week's partition: a clock far off, and executions that still ran when their week was dropped.
CREATE TABLE braid.history_rest PARTITION OF braid.history DEFAULT;

-- The least UUIDv7 of a time.
CREATE FUNCTION braid.first_execution_id(at timestamptz) RETURNS uuid
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
AS $$
    SELECT (lpad(to_hex(floor(extract(epoch FROM at) * 1000)::bigint), 12, '0') || '70008000000000000000')::uuid
$$;

-- Makes the partitions of the weeks (from Monday, UTC) of `from_time` to `until`; those that exist stay as they are.
CREATE FUNCTION braid.ensure_history_partitions(from_time timestamptz, until timestamptz) RETURNS integer
LANGUAGE plpgsql
AS $$
DECLARE
    week timestamp := date_trunc('week', from_time AT TIME ZONE 'UTC');
    partition text;
    lower_id uuid;
    upper_id uuid;
    made integer := 0;
BEGIN
    WHILE week <= until AT TIME ZONE 'UTC' LOOP
        partition := 'history_' || to_char(week, 'YYYYMMDD');
        IF to_regclass('braid.' || partition) IS NULL THEN
            lower_id := braid.first_execution_id(week AT TIME ZONE 'UTC');
            upper_id := braid.first_execution_id((week + interval '7 days') AT TIME ZONE 'UTC');
            EXECUTE format('CREATE TABLE braid.%I (LIKE braid.history INCLUDING ALL)', partition);
            -- Rows that came before their partition did move into it.
            EXECUTE format(
                'WITH moved AS (DELETE FROM braid.history_rest WHERE execution_id >= %L AND execution_id < %L RETURNING *)'
                || ' INSERT INTO braid.%I SELECT * FROM moved', lower_id, upper_id, partition);
            EXECUTE format(
                'ALTER TABLE braid.history ATTACH PARTITION braid.%I FOR VALUES FROM (%L) TO (%L)',
                partition, lower_id, upper_id);
            made := made + 1;
        END IF;
        week := week + interval '7 days';
    END LOOP;
    RETURN made;
END
$$;

SELECT braid.ensure_history_partitions(now() - interval '7 days', now() + interval '28 days');

-- Drops the partitions of weeks that ended before a time, and says which. History of executions that are still there
-- (they run, or ended later) is moved into history_rest first.
CREATE FUNCTION braid.drop_history_partitions(before timestamptz) RETURNS SETOF text
LANGUAGE plpgsql
AS $$
DECLARE
    partition text;
BEGIN
    FOR partition IN
        SELECT c.relname FROM pg_inherits AS i JOIN pg_class AS c ON c.oid = i.inhrelid
        WHERE i.inhparent = 'braid.history'::regclass AND c.relname ~ '^history_[0-9]{8}$'
            AND (to_date(right(c.relname, 8), 'YYYYMMDD') + 7)::timestamp AT TIME ZONE 'UTC' <= before
        ORDER BY c.relname
    LOOP
        EXECUTE format('ALTER TABLE braid.history DETACH PARTITION braid.%I', partition);
        EXECUTE format(
            'INSERT INTO braid.history SELECT h.* FROM braid.%I AS h JOIN braid.executions AS e USING (execution_id)',
            partition);
        EXECUTE format('DROP TABLE braid.%I', partition);
        RETURN NEXT partition;
    END LOOP;
END
$$;
