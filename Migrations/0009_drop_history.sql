-- Drops the partition of the oldest week of history, if it ended before a time, and says which. History of executions that
-- are still there (they run, or ended later) is moved into history_rest first: those are looked up by their ids, which the
-- week's bounds enclose, so that as few rows are read under the lock as are moved.
--
-- Detaching locks history against everybody. Behind a long query or a backup it would wait with every commit behind it: NULL
-- then, and another time.
CREATE FUNCTION braid.drop_history_partition(before timestamptz) RETURNS text
LANGUAGE plpgsql
SET lock_timeout = '200ms'
AS $$
DECLARE
    partition text;
    week timestamptz;
BEGIN
    SELECT c.relname, to_date(right(c.relname, 8), 'YYYYMMDD')::timestamp AT TIME ZONE 'UTC' INTO partition, week
    FROM pg_inherits AS i JOIN pg_class AS c ON c.oid = i.inhrelid
    WHERE i.inhparent = 'braid.history'::regclass AND c.relname ~ '^history_[0-9]{8}$'
    ORDER BY c.relname LIMIT 1;
    IF partition IS NULL OR week + interval '7 days' > before THEN RETURN NULL; END IF;
    EXECUTE format('ALTER TABLE braid.history DETACH PARTITION braid.%I', partition);
    EXECUTE format(
        'INSERT INTO braid.history SELECT kept.* FROM ('
        || 'SELECT execution_id FROM braid.executions WHERE execution_id >= %L AND execution_id < %L OFFSET 0) AS e'
        || ' CROSS JOIN LATERAL (SELECT * FROM braid.%I AS h WHERE h.execution_id = e.execution_id OFFSET 0) AS kept',
        braid.first_execution_id(week), braid.first_execution_id(week + interval '7 days'), partition);
    EXECUTE format('DROP TABLE braid.%I', partition);
    RETURN partition;
EXCEPTION
    WHEN lock_not_available THEN RETURN NULL;
END
$$;

DROP FUNCTION braid.drop_history_partitions(timestamptz);

-- So does attaching a week's partition, by its lock on history_rest; it is made weeks before it is needed.
ALTER FUNCTION braid.ensure_history_partitions(timestamptz, timestamptz) SET lock_timeout = '200ms';
