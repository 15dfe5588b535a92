import Interpreter
import Postgres

extension Store {
    /// How many deaths of its workers in a row, with no commit between, break a branch or an Express execution.
    package static let deadlyLapses = 3

    /// Takes back the leases of workers that have ended, up to 500 executions at a time.
    ///
    /// Each execution is locked first, in order, so that this meets no commit half-way. What was leased is ready again; a
    /// branch whose workers died `deadly` times in a row, with no commit between, is broken instead (DESIGN §5); one whose
    /// attempt is not to be performed again fails that attempt, whoever takes it (DESIGN §3).
    ///
    /// - Parameters:
    ///   - worker: Only this one's, which hands them back itself, so that nothing counts as a death; `nil`: of every
    ///     worker that is not alive.
    ///   - deadly: How many deaths break a branch.
    /// - Throws: When the database does not answer.
    /// - Returns: The lanes that have work again, and whether there is more to take back.
    package func releaseLeases(
        of worker: WorkerID? = nil,
        deadly: Int = Store.deadlyLapses
    ) async throws(StoreError) -> (lanes: Set<String>, more: Bool) {
        let limit = 500
        do {
            return try await pool.transaction { transaction throws(PostgresError) in
                let found = try await transaction.query(
                    Self.findLeased,
                    [.optional(worker) { .int8($0.rawValue) }, .int4(Int32(limit))]
                )
                var executions: [UUIDValue] = []
                for row in found { executions.append(try row[0]) }
                guard !executions.isEmpty else { return ([], false) }
                _ = try await transaction.query(
                    """
                    SELECT 1 FROM braid.branches WHERE branch_id = 0 AND execution_id = ANY($1)
                    ORDER BY execution_id FOR NO KEY UPDATE
                    """,
                    [.uuidArray(executions)]
                )
                let broken = RecordedHappening.broken(
                    cause: "The worker died \(deadly) times in a row while it worked on this state."
                )
                let released = try await transaction.commit([
                    Statement(
                        Self.release,
                        [
                            .uuidArray(executions), .optional(worker) { .int8($0.rawValue) }, .int2(Int16(deadly)),
                            .text(broken.text), .text(RecordedHappening.workerLost.text),
                        ]
                    )
                ])
                var lanes: Set<String> = []
                for row in released[0] { lanes.insert(try row[0]) }
                return (lanes, executions.count == limit)
            }
        } catch {
            throw StoreError(error)
        }
    }

    /// Gives back leases of one execution that a worker may hold without knowing it: the answer to its commit was lost.
    package func releaseUnknown(
        in execution: ExecutionID,
        of worker: WorkerID,
        from first: Int64,
        count: Int
    ) async throws(StoreError) -> Set<String> {
        do {
            return try await pool.transaction { transaction throws(PostgresError) in
                let released = try await transaction.commit([
                    .lock(execution),
                    Statement(
                        """
                        UPDATE braid.branches SET worker = NULL, lease = NULL, wake_at = braid.now()
                        WHERE execution_id = $1 AND worker = $2 AND lease >= $3 AND lease < $4 AND wake_at = 'infinity'
                        RETURNING lane
                        """,
                        [
                            .uuid(execution.value), .int8(worker.rawValue), .int8(first), .int8(first + Int64(count)),
                        ]
                    ),
                ])
                var lanes: Set<String> = []
                for row in released[1] { lanes.insert(try row[0]) }
                return lanes
            }
        } catch {
            throw StoreError(error)
        }
    }

    /// Lane by lane, since what is leased stands together in each; `OFFSET 0` keeps the planner from reading what sleeps.
    private static let findLeased = """
        WITH RECURSIVE \(Self.lanes)
        SELECT DISTINCT b.execution_id FROM lanes CROSS JOIN LATERAL (
            SELECT execution_id, worker FROM braid.branches WHERE lane = lanes.lane AND wake_at = 'infinity' OFFSET 0
        ) AS b
        WHERE CASE WHEN $1::int8 IS NULL
            THEN NOT EXISTS (SELECT FROM braid.workers AS w WHERE w.worker_id = b.worker AND w.ended_at IS NULL)
            ELSE b.worker = $1 END
        LIMIT $2
        """

    /// An attempt that was declared not to be performed again: that it has failed, or is out of time, any worker can say.
    private static let endsWithWorker = "(b.fails_on_loss AND b.phase = '\(Branch.Phase.performing.rawValue)') IS TRUE"

    /// By the key alone: `IS TRUE` keeps the planner from reading all that is leased.
    private static let release = """
        UPDATE braid.branches AS b SET worker = NULL, lease = NULL, wake_at = braid.now(),
            lapses = CASE WHEN $2::int8 IS NULL THEN b.lapses + 1 ELSE b.lapses END,
            happening = CASE
                WHEN \(endsWithWorker) AND b.happening IS NULL AND (b.deadline > braid.now()) IS NOT FALSE THEN $5
                WHEN $2::int8 IS NULL AND b.lapses + 1 >= $3 THEN $4 ELSE b.happening END,
            lane = CASE WHEN \(endsWithWorker) THEN '' ELSE b.lane END
        WHERE b.execution_id = ANY($1) AND (b.wake_at = 'infinity') IS TRUE
            AND CASE WHEN $2::int8 IS NULL
                THEN NOT EXISTS (SELECT FROM braid.workers AS w WHERE w.worker_id = b.worker AND w.ended_at IS NULL)
                ELSE b.worker = $2 END
        RETURNING b.lane
        """
}
