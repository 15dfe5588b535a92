-- What an execution's Tasks give instead of being performed: a test case of a mock configuration file, as JSON.
ALTER TABLE braid.executions ADD COLUMN test_doubles text;
ALTER TABLE braid.express_executions ADD COLUMN test_doubles text;
