package import Postgres

extension Store {
    /// Copies the newest execution of a machine so many times, whole: its row, its branches and its history.
    ///
    /// The copies have ids of their own, ten a millisecond, of the time before it. So a database grows old in a minute.
    package static func copyNewest(
        of machine: StateMachineID,
        times: Int,
        on connection: Connection
    ) async throws {
        try await connection.run(
            script: """
                DO $$
                DECLARE
                    original uuid := (SELECT execution_id FROM braid.executions
                        WHERE state_machine_id = \(machine.rawValue) ORDER BY execution_id DESC LIMIT 1);
                    moment bigint := ('x' || left(replace(original::text, '-', ''), 12))::bit(48)::bigint;
                    name text;
                    names text;
                BEGIN
                    FOREACH name IN ARRAY ARRAY['executions', 'branches', 'history'] LOOP
                        SELECT string_agg(quote_ident(attname), ', ' ORDER BY attnum) INTO names FROM pg_attribute
                        WHERE attrelid = ('braid.' || name)::regclass AND attnum > 0 AND NOT attisdropped
                            AND attname <> 'execution_id';
                        EXECUTE format(
                            'INSERT INTO braid.%I (execution_id, %s) SELECT (lpad(to_hex(%s - 1 - (%s - n) / 10), 12, ''0'')'
                            || ' || ''7'' || substr(md5(n::text || %L), 1, 3) || ''8'' || substr(md5(n::text || %L), 4, 15))::uuid,'
                            || ' %s FROM generate_series(1, %s) AS n, braid.%I AS t WHERE t.execution_id = %L',
                            name, names, moment, \(times), original, original, names, \(times), name, original);
                    END LOOP;
                END $$;
                """
        )
        // As autovacuum would have done long before.
        for table in ["executions", "branches", "history"] {
            try await connection.run(script: "VACUUM (ANALYZE) braid.\(table)")
        }
    }

    /// Has so many sleeping branches of a machine wake up now; returns how many did.
    package static func wakeSleepers(
        of machine: StateMachineID,
        _ count: Int,
        on connection: Connection
    ) async throws -> Int {
        let rows = try await connection.query(
            """
            UPDATE braid.branches AS b SET wake_at = braid.now()
            FROM (SELECT execution_id FROM braid.executions
                WHERE state_machine_id = $1 AND status = 'RUNNING' ORDER BY execution_id LIMIT $2) AS e
            WHERE b.execution_id = e.execution_id AND b.wake_at < 'infinity'
            """,
            [.int8(machine.rawValue), .int(count)]
        )
        return rows.affected
    }

    /// How many executions of a machine have succeeded.
    package static func succeededCount(
        of machine: StateMachineID,
        on connection: Connection
    ) async throws -> Int {
        let rows = try await connection.query(
            "SELECT count(*) FROM braid.executions WHERE state_machine_id = $1 AND status = 'SUCCEEDED'",
            [.int8(machine.rawValue)]
        )
        return try rows.first.map { try $0[0] } ?? 0
    }

    /// How many branches of a machine are held by a worker.
    package static func heldCount(of machine: StateMachineID, on connection: Connection) async throws -> Int {
        let rows = try await connection.query(
            """
            SELECT count(*) FROM braid.executions AS e JOIN braid.branches AS b USING (execution_id)
            WHERE e.state_machine_id = $1 AND b.phase = 'P' AND b.worker IS NOT NULL
            """,
            [.int8(machine.rawValue)]
        )
        return try rows.first.map { try $0[0] } ?? 0
    }

    /// How many transitions a machine's executions have made.
    package static func transitionCount(of machine: StateMachineID, on connection: Connection) async throws -> Int {
        let rows = try await connection.query(
            """
            SELECT coalesce(sum(b.transition), 0)::int8
            FROM braid.executions AS e JOIN braid.branches AS b USING (execution_id) WHERE e.state_machine_id = $1
            """,
            [.int8(machine.rawValue)]
        )
        return try rows.first.map { try $0[0] } ?? 0
    }

    /// Whether a machine has a branch that sleeps.
    package static func isSleeping(_ machine: StateMachineID, on connection: Connection) async throws -> Bool {
        let rows = try await connection.query(
            """
            SELECT EXISTS (SELECT FROM braid.executions AS e JOIN braid.branches AS b USING (execution_id)
                WHERE e.state_machine_id = $1 AND b.phase = 'W' AND b.worker IS NULL)
            """,
            [.int8(machine.rawValue)]
        )
        return try rows.first.map { try $0[0] } ?? false
    }
}
