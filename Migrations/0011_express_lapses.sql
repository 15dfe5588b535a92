-- How many workers have died while they ran it: one that kills them is given up, as a branch is.
ALTER TABLE braid.express_executions ADD COLUMN lapses integer NOT NULL DEFAULT 0;
