-- Leases that were taken away, for their workers' heartbeats to hear of: a notification may be missed. A row stays for some
-- seconds, in which it may be told more than once.
CREATE TABLE braid.revocations (
    worker bigint NOT NULL,
    lease bigint NOT NULL,
    execution_id uuid NOT NULL,
    branch_id integer NOT NULL,
    at timestamptz NOT NULL
);

CREATE INDEX revocations_by_worker ON braid.revocations (worker);

-- HeartbeatSeconds may be 99,999,999.
ALTER TABLE braid.branches ALTER COLUMN heartbeat_ms TYPE bigint;
