-- What all else stands on: the clock, the state machines and their revisions, the workers.

-- The engine's clock. Inlined into every statement; tests replace it to move time (CREATE OR REPLACE invalidates cached
-- plans, so all connections see the new one at their next statement).
CREATE FUNCTION braid.now() RETURNS timestamptz
LANGUAGE sql STABLE PARALLEL SAFE
AS $$ SELECT now() $$;

-- The value of a payload as jsonb, or NULL where PostgreSQL cannot hold it (\u0000, a lone surrogate, 1e400000). Not for
-- parallel plans: catching an error takes a subtransaction, which they may not begin.
CREATE FUNCTION braid.jsonb(payload text) RETURNS jsonb
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL UNSAFE
AS $$
BEGIN
    RETURN payload::jsonb;
EXCEPTION WHEN others THEN
    RETURN NULL;
END
$$;

CREATE TABLE braid.state_machines (
    state_machine_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name text NOT NULL,
    type text NOT NULL CHECK (type IN ('STANDARD', 'EXPRESS')),
    -- DELETING while executions of it run, DELETED when none does; its executions stay until retention.
    status text NOT NULL DEFAULT 'ACTIVE' CHECK (status IN ('ACTIVE', 'DELETING', 'DELETED')),
    -- The revision that new executions pin.
    revision_id bigint NOT NULL,
    created_at timestamptz NOT NULL
);

CREATE UNIQUE INDEX state_machines_by_name ON braid.state_machines (name) WHERE status <> 'DELETED';

-- Immutable: an execution pins one for as long as it runs.
CREATE TABLE braid.state_machine_revisions (
    revision_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    state_machine_id bigint NOT NULL,
    -- What the API calls revisionId; NULL is the first one, INITIAL there.
    revision uuid,
    definition text NOT NULL,
    role_arn text NOT NULL,
    logging_configuration text,
    tracing_configuration text,
    encryption_configuration text,
    -- Whether a state reads the context object: then a lease carries the execution's input.
    reads_context boolean NOT NULL DEFAULT true,
    created_at timestamptz NOT NULL
);

CREATE INDEX state_machine_revisions_by_machine ON braid.state_machine_revisions (state_machine_id, revision_id);

-- A worker's incarnation: a row a process start, never used again once ended_at is set.
CREATE TABLE braid.workers (
    worker_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    host text NOT NULL,
    pid integer NOT NULL,
    -- The lanes that it serves; '*' is every function.
    lanes text[] NOT NULL,
    capacity integer NOT NULL,
    started_at timestamptz NOT NULL,
    heartbeat_at timestamptz NOT NULL,
    -- Set once, when it ended or was declared dead.
    ended_at timestamptz
) WITH (fillfactor = 50);

CREATE INDEX workers_alive ON braid.workers (worker_id) WHERE ended_at IS NULL;
CREATE INDEX workers_by_end ON braid.workers (ended_at);
