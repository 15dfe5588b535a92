package import Postgres
package import StatesLanguage

/// What a worker's heartbeat is answered.
package struct HeartbeatAnswer: Sendable {
    /// The database's time.
    package var now: Timestamp
    /// Workers that are alive, this one among them.
    package var aliveWorkers: Int
    /// Leases of this worker's that were taken away lately; it may have heard so before.
    package var revoked: [(key: BranchKey, lease: Lease)]
}

extension Store {
    /// Makes a new incarnation of a worker.
    package func registerWorker(
        host: String,
        pid: Int,
        lanes: [String],
        capacity: Int
    ) async throws(StoreError) -> WorkerID {
        let rows = try await query(
            """
            INSERT INTO braid.workers (host, pid, lanes, capacity, started_at, heartbeat_at)
            VALUES ($1, $2, $3, $4, braid.now(), braid.now()) RETURNING worker_id
            """,
            [.text(host), .int4(Int32(clamping: pid)), .textArray(lanes), .int4(Int32(clamping: capacity))]
        )
        guard let id = try decode(rows, { row throws(PostgresError) in WorkerID(rawValue: try row[0]) }).first else {
            throw .unexpected("no id for a new worker")
        }
        return id
    }

    /// Says that a worker lives, and what it serves now.
    ///
    /// - Returns: `nil` if it was declared dead: it must drop all its work and register anew.
    package func heartbeat(
        _ worker: WorkerID,
        lanes: [String],
        on connection: Connection
    ) async throws(StoreError) -> HeartbeatAnswer? {
        let rows = try await query(
            on: connection,
            """
            WITH beat AS (
                UPDATE braid.workers SET heartbeat_at = braid.now(), lanes = $2
                WHERE worker_id = $1 AND ended_at IS NULL RETURNING worker_id
            ), told AS (
                DELETE FROM braid.revocations WHERE worker = $1 AND at < braid.now() - interval '10 s'
            )
            SELECT braid.now(), (SELECT count(*)::int4 FROM braid.workers WHERE ended_at IS NULL), ARRAY(
                SELECT concat_ws(' ', r.worker, r.lease, r.execution_id, r.branch_id)
                FROM braid.revocations AS r WHERE r.worker = $1)
            FROM beat
            """,
            [.int8(worker.rawValue), .textArray(lanes)]
        )
        return try decode(rows) { row throws(PostgresError) in
            let revoked: [String?] = try row[2]
            return HeartbeatAnswer(
                now: Timestamp(microseconds: try row[0]),
                aliveWorkers: try row[1],
                revoked: revoked.compactMap { $0.flatMap { Self.revocation($0) } }
            )
        }.first
    }

    /// Ends a worker for ever.
    ///
    /// Waits for its leasing that is under way; its leases are taken back afterwards.
    package func endWorker(_ worker: WorkerID) async throws(StoreError) {
        try await endWorkers(where: "worker_id = $1", "", [.int8(worker.rawValue)])
    }

    /// Declares dead the workers whose heartbeat is older than the lapse; those without a session sooner.
    ///
    /// A worker's session holds an advisory lock on its number; that it is missing is a hint only, and none just after
    /// PostgreSQL started, when no session has come back yet (DESIGN §5). One that is locked, since it is just being given
    /// leases, is left for the next time: a process that was stopped amidst its leasing keeps nobody waiting, and
    /// `endStalledSessions` frees its row.
    ///
    /// - Returns: How many there were.
    @discardableResult
    package func endLapsedWorkers(after lapse: Duration, withoutSession: Duration) async throws(StoreError) -> Int {
        try await endStalledSessions(after: lapse, for: lapse / 2)
        return try await endWorkers(
            where: """
                heartbeat_at < braid.now() - CASE
                    WHEN pg_postmaster_start_time() < now() - interval '5 s' AND NOT EXISTS (
                        SELECT FROM pg_locks WHERE locktype = 'advisory' AND classid = 1651663204 AND objsubid = 2
                            AND objid = (worker_id & 2147483647)::oid AND granted
                            AND database = (SELECT oid FROM pg_database WHERE datname = current_database()))
                    THEN $2::float8 ELSE $1::float8 END * interval '1 s'
                """,
            "SKIP LOCKED",
            [.float8(lapse / .seconds(1)), .float8(withoutSession / .seconds(1))]
        )
    }

    /// The class of the advisory locks by which a session says whose it is.
    package static let workerLockClass: Int32 = 1_651_663_204

    /// Ties a worker to the session of this connection, for as long as it lasts.
    package func holdSession(of worker: WorkerID, on connection: Connection) async throws(StoreError) {
        do {
            _ = try await connection.query(
                "SELECT pg_advisory_lock_shared($1, $2)",
                [.int4(Self.workerLockClass), .int4(Int32(truncatingIfNeeded: worker.rawValue & 0x7FFF_FFFF))]
            )
        } catch {
            throw StoreError(error)
        }
    }

    /// Locking FOR UPDATE conflicts with the FOR KEY SHARE of leasing, so that no lease is given to one that has ended.
    @discardableResult
    private func endWorkers(
        where condition: String,
        _ wait: String,
        _ values: [PostgresValue]
    ) async throws(StoreError) -> Int {
        let rows = try await query(
            """
            WITH lapsed AS MATERIALIZED (
                SELECT worker_id FROM braid.workers WHERE ended_at IS NULL AND \(condition)
                ORDER BY worker_id FOR UPDATE \(wait)
            )
            UPDATE braid.workers AS w SET ended_at = braid.now() FROM lapsed WHERE w.worker_id = lapsed.worker_id
            RETURNING w.worker_id
            """,
            values
        )
        return rows.count
    }
}
