import Interpreter
package import Postgres
package import StatesLanguage

/// A lane, and how many branches of it a worker has room for.
package struct LanePlaces: Sendable, Hashable {
    package var lane: String
    package var places: Int
    /// Since when the longest ready of them is, as was just read; `nil` where that was not.
    ///
    /// What the index has from before leads only to what was leased since, for as long as somebody's old snapshot keeps it.
    package var oldest: Timestamp?

    package init(lane: String, places: Int, oldest: Timestamp? = nil) {
        self.lane = lane
        self.places = places
        self.oldest = oldest
    }
}

extension Store {
    /// Leases branches that are ready, from each lane at most its places, the longest ready first, to one worker.
    ///
    /// Rows that somebody else is locking are skipped, not waited for, so no branch has two holders and no lease waits for
    /// a commit. The worker's own row is locked against being declared dead meanwhile, and one that was leases nothing.
    /// Committed asynchronously: a lease that a crash takes back is a branch that is ready again (DESIGN §5).
    ///
    /// - Parameters:
    ///   - lanes: From which, each once.
    ///   - worker: Who gets them.
    ///   - first: The number of the first lease; the others follow it. Never used before by this worker.
    ///   - outputLimit: How many bytes the outputs of joined children may have together.
    ///   - connection: The one for leasing.
    /// - Throws: When the database does not answer; what it leased all the same lapses with the worker.
    /// - Returns: The branches, with all that running them needs.
    package func leaseReady(
        from lanes: [LanePlaces],
        to worker: WorkerID,
        first: Int64,
        outputLimit: Int,
        on connection: Connection
    ) async throws(StoreError) -> [LeasedBranch] {
        let rows: Rows
        do {
            rows = try await connection.pipeline([
                Statement("BEGIN"), Statement("SET LOCAL synchronous_commit = off"),
                Statement(
                    Self.leaseReady,
                    [
                        .int8(worker.rawValue), .int8(Int64(outputLimit)), .textArray(lanes.map(\.lane)),
                        BranchColumns.int4(lanes.map(\.places)), .int8(first),
                        .timestampArray(lanes.map { $0.oldest?.microseconds ?? .min }),
                    ]
                ),
                Statement("COMMIT"),
            ])[2]
        } catch {
            throw StoreError(error)
        }
        let leased = try decode(rows) { row throws(PostgresError) in try LeasedBranch(row, worker: worker) }
        // One that another had and gave back, joined, since this statement's snapshot: the outputs are not in that.
        let unread = leased.filter { $0.branch.phase == .joined && $0.happening == nil && $0.joined == nil }
        guard !unread.isEmpty else { return try await withOuterVariables(leased) }
        let read = try await self.leased(unread.map { ($0.key, $0.lease) }, to: worker, outputLimit: outputLimit)
        let unreadKeys = Set(unread.map(\.key))
        return try await withOuterVariables(leased.filter { !unreadKeys.contains($0.key) }) + read
    }

    /// Reads branches that this worker holds: joined parents that a commit gave it, or what a reconnection left unknown.
    package func leased(
        _ leases: [(key: BranchKey, lease: Lease)],
        to worker: WorkerID,
        outputLimit: Int
    ) async throws(StoreError) -> [LeasedBranch] {
        let rows = try await query(
            Self.readLeased,
            [
                .int8(worker.rawValue), .int8(Int64(outputLimit)), .uuidArray(leases.map(\.key.execution.value)),
                BranchColumns.int4(leases.map(\.key.branch)), .int8Array(leases.map(\.lease.number)),
            ]
        )
        let leased = try decode(rows) { row throws(PostgresError) in try LeasedBranch(row, worker: worker) }
        return try await withOuterVariables(leased)
    }

    static let leaseReady = """
        WITH alive AS MATERIALIZED (
            SELECT worker_id FROM braid.workers WHERE worker_id = $1 AND ended_at IS NULL FOR KEY SHARE
        ), ready AS MATERIALIZED (
            SELECT chosen.execution_id, chosen.branch_id
            FROM alive, unnest($3::text[], $4::int4[], $6::timestamptz[]) AS served (lane, places, oldest)
            CROSS JOIN LATERAL (
                SELECT execution_id, branch_id FROM braid.branches
                WHERE lane = served.lane AND wake_at >= served.oldest AND wake_at <= braid.now()
                ORDER BY wake_at LIMIT served.places FOR UPDATE SKIP LOCKED
            ) AS chosen
        ), numbered AS (
            SELECT execution_id, branch_id, $5 - 1 + row_number() OVER () AS lease FROM ready
        ), b AS (
            UPDATE braid.branches AS branch SET worker = $1, lease = numbered.lease, wake_at = 'infinity'
            FROM numbered
            WHERE branch.execution_id = numbered.execution_id AND branch.branch_id = numbered.branch_id
            RETURNING branch.*
        )
        SELECT \(LeasedBranch.columns) FROM b \(LeasedBranch.joins)
        """

    private static let readLeased = """
        SELECT \(LeasedBranch.columns)
        FROM unnest($3::uuid[], $4::int4[], $5::int8[]) AS k (execution_id, branch_id, lease)
        JOIN braid.branches AS b ON b.execution_id = k.execution_id AND b.branch_id = k.branch_id
            AND b.worker = $1 AND b.lease = k.lease
        \(LeasedBranch.joins)
        """
}
