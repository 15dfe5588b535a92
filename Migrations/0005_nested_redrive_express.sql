-- Executions that Tasks start, the requests that redrove executions, and asynchronous executions of Express machines.

-- The request id of the attempt that started it: an attempt that is performed again finds what it had started.
ALTER TABLE braid.executions ADD COLUMN started_by text;

-- Attempts that wait for the end of an execution. A row is deleted when that end has been brought to its attempt, or the
-- attempt has ended without it.
CREATE TABLE braid.nested_executions (
    parent_id uuid NOT NULL,
    branch_id integer NOT NULL,
    -- The attempt: what waits must still have this token.
    token text NOT NULL,
    child_id uuid NOT NULL,
    -- Whether input and output are handed over as JSON instead of as text (.sync:2).
    structured boolean NOT NULL,
    PRIMARY KEY (parent_id, branch_id, token)
);

CREATE INDEX nested_executions_by_child ON braid.nested_executions (child_id);

-- The client tokens of redrives: the same one again, for a while, is the same request.
CREATE TABLE braid.redrive_tokens (
    execution_id uuid NOT NULL,
    token text NOT NULL,
    redriven_at timestamptz NOT NULL,
    PRIMARY KEY (execution_id, token)
);

-- Executions of Express machines whose end nobody waits for: a row while one runs, held by the worker that runs it.
CREATE TABLE braid.express_executions (
    execution_id uuid PRIMARY KEY,
    state_machine_id bigint NOT NULL,
    revision_id bigint NOT NULL,
    started_at timestamptz NOT NULL,
    name text,
    input text NOT NULL,
    trace_header text,
    version integer,
    alias text,
    -- NULL: for whoever has room.
    worker bigint
) WITH (fillfactor = 80);

CREATE INDEX express_executions_by_worker ON braid.express_executions (worker);
