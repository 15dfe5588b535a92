-- Result files that a redriven map run leaves as they are, and adds to.

-- The attempts whose results were all exported, with the files of what succeeded, as JSON that their writer knows; NULL: none.
ALTER TABLE braid.map_runs ADD COLUMN exported text;

-- Of a map run's child that was redriven: how often its run had been by then.
ALTER TABLE braid.executions ADD COLUMN map_run_redrive integer;

-- For each of the children: how often the run had been redriven when its result came. NULL: never, for all.
ALTER TABLE braid.map_run_results ADD COLUMN redrives integer[];
