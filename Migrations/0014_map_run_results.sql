-- Results of map runs that are being exported.

ALTER TABLE braid.map_runs
    -- Multipart uploads that have begun, as JSON; NULL: none. It is written before the first part of one is uploaded, so that
    -- whoever comes next, or finds the run over, can give up what a process that died left.
    ADD COLUMN uploads text,
    -- Whether the manifest and all it names are written.
    ADD COLUMN results_written boolean NOT NULL DEFAULT false;

CREATE INDEX map_runs_with_uploads_left ON braid.map_runs (map_run_id) WHERE uploads IS NOT NULL AND status <> 'RUNNING';
