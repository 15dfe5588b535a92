package import Interpreter
package import JSON
import Postgres
package import StatesLanguage

/// A branch that was leased, with all that running it needs.
package struct LeasedBranch: Sendable {
    package var key: BranchKey
    package var parent: Int?
    package var lease: Lease
    /// The number of its transitions so far.
    package var number: Int
    package var branch: Branch
    package var revision: RevisionID
    package var execution: LeasedExecution
    /// What it resumes with, where something reached it.
    package var happening: RecordedHappening?
    /// What its children gave, where it is joined.
    package var joined: Joined?
    /// The id of the execution's last event, where this branch alone writes it: a root without open children.
    package var lastEventID: Int?
    /// When that was, by the database's clock.
    package var leasedAt: Timestamp?
    /// Whether it may read variables of the branches around it, which its row does not hold.
    package var readsOuterVariables = false

    /// The outputs of the children of a joined branch.
    package enum Joined: Sendable {
        /// In order, as one array.
        case outputs(JSONText)
        /// Together they are this long, over the limit, and were not read.
        case overLimit(bytes: Int)
    }

    package init(
        key: BranchKey,
        parent: Int?,
        lease: Lease,
        number: Int,
        branch: Branch,
        revision: RevisionID,
        execution: LeasedExecution,
        happening: RecordedHappening? = nil,
        joined: Joined? = nil,
        lastEventID: Int? = nil,
        leasedAt: Timestamp? = nil
    ) {
        self.key = key
        self.parent = parent
        self.lease = lease
        self.number = number
        self.branch = branch
        self.revision = revision
        self.execution = execution
        self.happening = happening
        self.joined = joined
        self.lastEventID = lastEventID
        self.leasedAt = leasedAt
    }
}

/// What a branch's worker knows of its execution.
///
/// ARNs are made of it by whoever knows region and account.
package struct LeasedExecution: Sendable {
    package var id: ExecutionID
    /// The name that it was given, or its id.
    package var name: String
    package var machineName: String
    package var roleARN: String
    /// `null` where no state of the revision reads the context object.
    package var input: JSONText
    package var startedAt: Timestamp
    package var redriveCount: Int
    package var redrivenAt: Timestamp?
    /// Whether a Task started it, which may wait for its end.
    package var isNested: Bool
    /// What its Tasks give instead of being performed.
    package var doubles: TestDoubles?
    /// The map run whose child it is.
    package var mapRun: MapRunID?
    /// The trace that it was given to belong to.
    package var traceHeader: String?

    package init(
        id: ExecutionID,
        name: String,
        machineName: String,
        roleARN: String,
        input: JSONText,
        startedAt: Timestamp,
        redriveCount: Int = 0,
        redrivenAt: Timestamp? = nil,
        isNested: Bool = false
    ) {
        self.id = id
        self.name = name
        self.machineName = machineName
        self.roleARN = roleARN
        self.input = input
        self.startedAt = startedAt
        self.redriveCount = redriveCount
        self.redrivenAt = redrivenAt
        self.isNested = isNested
    }
}

extension LeasedBranch {
    /// What is read of a branch `b` that was leased; `$1` is the worker, `$2` the limit on joined outputs in bytes.
    static let columns = """
        b.execution_id, b.branch_id, b.parent_id, coalesce(b.lease, 0), b.transition, b.kind, b.ordinal, b.state, \
        b.phase, b.input, b.item, b.variables, b.entered_at, b.entered_event_id, b.previous_event_id, b.retries, b.task_input, b.deadline, \
        b.heartbeat_ms, b.task_token, b.happening, e.revision_id, coalesce(e.name, e.execution_id::text), \
        m.name || coalesce('/' || (SELECT l.label FROM braid.map_runs AS l WHERE l.map_run_id = e.map_run_id), ''), \
        r.role_arn, CASE WHEN r.reads_context THEN e.input ELSE 'null' END, e.started_at, e.redrive_count, \
        e.redriven_at, joined.bytes, joined.outputs, CASE WHEN b.branch_id = 0 THEN b.last_event_id END, \
        e.started_by IS NOT NULL, braid.now(), e.test_doubles, e.map_run_id, e.trace_header
        """

    /// What ``columns`` reads from, beside `b`.
    static let joins = """
        JOIN braid.executions AS e ON e.execution_id = b.execution_id
        JOIN braid.state_machine_revisions AS r ON r.revision_id = e.revision_id
        JOIN braid.state_machines AS m ON m.state_machine_id = e.state_machine_id
        LEFT JOIN LATERAL (
            SELECT summed.bytes, CASE WHEN summed.bytes <= $2 THEN (
                SELECT '[' || string_agg(c.output, ',' ORDER BY c.branch_id) || ']' FROM braid.branches AS c
                WHERE c.execution_id = b.execution_id AND c.branch_id >= b.first_child
                    AND c.branch_id < b.first_child + b.child_count
            ) END AS outputs
            FROM (
                SELECT sum(octet_length(c.output)) + count(*) + 1 AS bytes FROM braid.branches AS c
                WHERE c.execution_id = b.execution_id AND c.branch_id >= b.first_child
                    AND c.branch_id < b.first_child + b.child_count AND b.phase = 'J' AND b.happening IS NULL
            ) AS summed
        ) AS joined ON b.phase = 'J' AND b.happening IS NULL
        """

    init(_ row: Row, worker: WorkerID) throws(PostgresError) {
        let id = ExecutionID(try row[0] as UUIDValue)
        key = BranchKey(id, try row[1])
        parent = try row[2]
        lease = Lease(worker: worker, number: try row[3])
        number = try row[4]
        branch = try Self.branch(row)
        let happened: String? = try row[20]
        happening = happened.flatMap { RecordedHappening(text: $0) }
        revision = RevisionID(rawValue: try row[21])
        let redrivenAt: Int64? = try row[28]
        execution = LeasedExecution(
            id: id,
            name: try row[22],
            machineName: try row[23],
            roleARN: try row[24],
            input: JSONText(trusted: try row[25]),
            startedAt: Timestamp(microseconds: try row[26]),
            redriveCount: try row[27],
            redrivenAt: redrivenAt.map { Timestamp(microseconds: $0) },
            isNested: try row[32]
        )
        let doubles: String? = try row[34]
        execution.doubles = doubles.flatMap { TestDoubles(text: $0) }
        let mapRun: UUIDValue? = try row[35]
        execution.mapRun = mapRun.map { MapRunID($0) }
        execution.traceHeader = try row[36]
        let bytes: Int? = try row[29]
        let outputs: String? = try row[30]
        if let outputs {
            joined = .outputs(JSONText(trusted: outputs))
        } else if let bytes {
            joined = .overLimit(bytes: bytes)
        }
        lastEventID = try row[31]
        leasedAt = Timestamp(microseconds: try row[33])
        let variables: String? = try row[11]
        readsOuterVariables = parent != nil && variables != nil
    }

    private static func branch(_ row: Row) throws(PostgresError) -> Branch {
        guard let phase = Branch.Phase(rawValue: try row[8]) else {
            throw .decoding(column: "phase", expected: "a phase", found: "one of another version")
        }
        var branch = Branch(
            kind: Branch.Kind(try row[5] as String, ordinal: try row[6]),
            state: try row[7],
            phase: phase,
            input: JSONText(trusted: try row[9]),
            previousEventID: try row[14]
        )
        let item: String? = try row[10]
        branch.item = item.map { JSONText(trusted: $0) }
        let variables: String? = try row[11]
        if let object = variables.flatMap({ JSONText(trusted: $0).value.object }) { branch.variables.own = object }
        let enteredAt: Int64? = try row[12]
        branch.enteredAt = enteredAt.map { Timestamp(microseconds: $0) }
        branch.enteredEventID = try row[13]
        branch.retries = Retries(text: try row[15])
        let taskInput: String? = try row[16]
        branch.taskInput = taskInput.map { JSONText(trusted: $0) }
        let deadline: Int64? = try row[17]
        branch.deadline = deadline.map { Timestamp(microseconds: $0) }
        let heartbeat: Int? = try row[18]
        branch.heartbeat = heartbeat.map { .milliseconds($0) }
        branch.taskToken = try row[19]
        return branch
    }
}
