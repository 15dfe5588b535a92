-- Long payloads are compressed with LZ4, whatever the server's default_toast_compression is; a server that was built without
-- it goes on with its own method. Partitions that are made later take theirs from braid.history.
DO $$
DECLARE
    target record;
BEGIN
    FOR target IN
        SELECT c.oid::regclass AS name, a.attname AS column
        FROM pg_attribute AS a JOIN pg_class AS c ON c.oid = a.attrelid
        WHERE c.relnamespace = 'braid'::regnamespace AND c.relkind IN ('r', 'p') AND a.attnum > 0
            AND NOT a.attisdropped AND a.atttypid = 'text'::regtype
            AND a.attname IN ('input', 'item', 'variables', 'task_input', 'happening', 'output', 'cause', 'events',
                'payloads', 'definition')
    LOOP
        EXECUTE format('ALTER TABLE %s ALTER COLUMN %I SET COMPRESSION lz4', target.name, target.column);
    END LOOP;
EXCEPTION WHEN feature_not_supported THEN
    RAISE NOTICE 'this server has no LZ4';
END
$$;
