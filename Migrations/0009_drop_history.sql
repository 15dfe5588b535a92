-- Drops the partitions of weeks that ended before a time, and says which. History of executions that are still there (they
-- run, or ended later) is moved into history_rest first.
--
-- Those are looked up by their ids, which the week's bounds enclose: as few rows are read under the lock that detaching takes
-- as are moved.
CREATE OR REPLACE FUNCTION braid.drop_history_partitions(before timestamptz) RETURNS SETOF text
LANGUAGE plpgsql
AS $$
DECLARE
    partition text;
    week timestamptz;
BEGIN
    FOR partition, week IN
        SELECT c.relname, to_date(right(c.relname, 8), 'YYYYMMDD')::timestamp AT TIME ZONE 'UTC'
        FROM pg_inherits AS i JOIN pg_class AS c ON c.oid = i.inhrelid
        WHERE i.inhparent = 'braid.history'::regclass AND c.relname ~ '^history_[0-9]{8}$'
        ORDER BY c.relname
    LOOP
        CONTINUE WHEN week + interval '7 days' > before;
        EXECUTE format('ALTER TABLE braid.history DETACH PARTITION braid.%I', partition);
        EXECUTE format(
            'INSERT INTO braid.history SELECT kept.* FROM ('
            || 'SELECT execution_id FROM braid.executions WHERE execution_id >= %L AND execution_id < %L OFFSET 0) AS e'
            || ' CROSS JOIN LATERAL (SELECT * FROM braid.%I AS h WHERE h.execution_id = e.execution_id OFFSET 0) AS kept',
            braid.first_execution_id(week), braid.first_execution_id(week + interval '7 days'), partition);
        EXECUTE format('DROP TABLE braid.%I', partition);
        RETURN NEXT partition;
    END LOOP;
END
$$;
