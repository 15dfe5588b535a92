-- What the control plane knows beside state machines: activities, versions, aliases and tags.

CREATE TABLE braid.activities (
    activity_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name text NOT NULL UNIQUE,
    -- Values by key, as on state machines.
    tags jsonb NOT NULL DEFAULT '{}',
    created_at timestamptz NOT NULL
);

ALTER TABLE braid.state_machines
    ADD COLUMN tags jsonb NOT NULL DEFAULT '{}',
    -- The number of the last version that was published; never given again, also when that version is deleted.
    ADD COLUMN last_version integer NOT NULL DEFAULT 0;

-- A revision that was published, under a number counted from 1.
CREATE TABLE braid.state_machine_versions (
    state_machine_id bigint NOT NULL,
    version integer NOT NULL,
    revision_id bigint NOT NULL,
    description text,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (state_machine_id, version),
    UNIQUE (state_machine_id, revision_id)
);

-- Names one version, or divides starts among two. These keys may be foreign ones: the engine locks none of these rows, and
-- they are what keeps a version that an alias names.
CREATE TABLE braid.state_machine_aliases (
    state_machine_id bigint NOT NULL,
    name text NOT NULL,
    description text,
    version integer NOT NULL,
    -- In per cent.
    weight integer NOT NULL CHECK (weight BETWEEN 0 AND 100),
    second_version integer,
    second_weight integer,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    PRIMARY KEY (state_machine_id, name),
    FOREIGN KEY (state_machine_id, version) REFERENCES braid.state_machine_versions,
    FOREIGN KEY (state_machine_id, second_version) REFERENCES braid.state_machine_versions,
    CHECK ((second_version IS NULL) = (second_weight IS NULL)),
    CHECK (version <> second_version),
    CHECK (weight + coalesce(second_weight, 0) = 100)
);

-- The version, and the alias, through which an execution was started; NULL where its ARN named neither.
ALTER TABLE braid.executions
    ADD COLUMN version integer,
    ADD COLUMN alias text;

CREATE INDEX executions_by_version ON braid.executions (state_machine_id, version, status, execution_id)
    WHERE version IS NOT NULL;
CREATE INDEX executions_by_alias ON braid.executions (state_machine_id, alias, status, execution_id)
    WHERE alias IS NOT NULL;
