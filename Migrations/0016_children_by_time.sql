-- Children of a run are listed in the order of what happened to them last: those that run by when they began, or went on
-- after a redrive, the others by when they ended. Each end changed the key already, since that holds the status.
CREATE INDEX executions_by_map_run_and_time
    ON braid.executions (map_run_id, status, coalesce(stopped_at, redriven_at, started_at), execution_id)
    WHERE map_run_id IS NOT NULL;
DROP INDEX braid.executions_by_map_run;

-- What a redrive of a run goes through, in the order of the items; nothing that succeeds is written here.
CREATE INDEX executions_to_redrive ON braid.executions (map_run_id, execution_id)
    WHERE map_run_id IS NOT NULL AND status IN ('FAILED', 'TIMED_OUT', 'ABORTED');
