import Interpreter
import Postgres
import StatesLanguage

/// What a redrive must know of executions, read under their locks.
struct RedriveView {
    struct Execution {
        var id: ExecutionID
        var status: ExecutionStatus
        var redriveCount: Int
        var revision: RevisionID
        var itemCount: Int
        var startedAt: Timestamp
        var stoppedAt: Timestamp?
        /// Its branches that have not succeeded.
        var rows: [BranchRow] = []
        var errors: [BranchKey: String] = [:]
        /// The last map run of each branch that had one.
        var runs: [BranchKey: RedrivableRun] = [:]
        /// Whether children of a map run may run that are to be stopped first.
        var leavesChildren = false
    }

    /// In the order of their ids.
    private(set) var executions: [Execution] = []
    private(set) var now = Timestamp(microseconds: 0)

    /// Locks executions, and reads what ``init(_:)`` takes.
    static func statements(_ executions: [ExecutionID], locking others: [ExecutionID] = []) -> [Statement] {
        let ids = [PostgresValue.uuidArray(executions.map(\.value))]
        return [
            Statement(
                """
                SELECT 1 FROM braid.branches WHERE branch_id = 0 AND execution_id = ANY($1)
                ORDER BY execution_id FOR NO KEY UPDATE
                """,
                [.uuidArray((executions + others).map(\.value))]
            ),
            Statement("SELECT braid.now()", []),
            Statement(
                """
                SELECT execution_id, status, redrive_count, revision_id, coalesce(item_count, 1), started_at, stopped_at
                FROM braid.executions WHERE execution_id = ANY($1) ORDER BY execution_id
                """,
                ids
            ),
            Statement(
                """
                SELECT \(BranchRow.columns), b.error, b.task_input IS NOT NULL FROM braid.branches AS b
                WHERE b.execution_id = ANY($1) AND b.status <> 'SUCCEEDED'
                """,
                ids
            ),
            Statement(
                """
                SELECT DISTINCT ON (execution_id, branch_id) execution_id, branch_id, map_run_id, state, label, status,
                    error, greatest(children, running_children, (
                        SELECT max(first_child + child_count) FROM braid.map_run_results AS kept
                        WHERE kept.map_run_id = r.map_run_id
                    )), redrive_count, leaves_children
                FROM braid.map_runs AS r WHERE execution_id = ANY($1)
                ORDER BY execution_id, branch_id, started_at DESC, map_run_id
                """,
                ids
            ),
        ]
    }

    /// Takes what ``statements(_:locking:)`` gave, and leaves what comes behind that.
    init(_ results: some Collection<Rows>) throws(PostgresError) {
        let results = Array(results)
        for row in results[1] { now = Timestamp(microseconds: try row[0]) }
        var places: [ExecutionID: Int] = [:]
        for row in results[2] {
            let id = ExecutionID(try row[0] as UUIDValue)
            let stoppedAt: Int64? = try row[6]
            places[id] = executions.count
            executions.append(
                Execution(
                    id: id,
                    status: try row.word("status"),
                    redriveCount: try row[2],
                    revision: RevisionID(rawValue: try row[3]),
                    itemCount: try row[4],
                    startedAt: Timestamp(microseconds: try row[5]),
                    stoppedAt: stoppedAt.map { Timestamp(microseconds: $0) }
                )
            )
        }
        var asked: Set<BranchKey> = []
        for row in results[3] {
            let branch = try BranchRow(row)
            guard let place = places[branch.key.execution] else { continue }
            executions[place].rows.append(branch)
            executions[place].errors[branch.key] = try row[28]
            if try row[29] { asked.insert(branch.key) }
        }
        for row in results[4] {
            let key = BranchKey(ExecutionID(try row[0] as UUIDValue), try row[1])
            guard let place = places[key.execution] else { continue }
            if try row[9] { executions[place].leavesChildren = true }
            // A run of which it is not known what it was asked for does not go on.
            guard asked.contains(key) else { continue }
            executions[place].runs[key] = RedrivableRun(
                id: MapRunID(try row[2] as UUIDValue),
                state: try row[3],
                label: try row[4],
                status: try row.word("status"),
                error: try row[6],
                children: try row[7],
                redriveCount: try row[8]
            )
        }
    }
}
