import Interpreter
import Postgres
import StatesLanguage

extension BranchRow {
    /// The columns of ``init(_:)``, in its order.
    static let columns = """
        b.execution_id, b.branch_id, b.parent_id, b.kind, b.ordinal, b.status, b.phase, b.state, b.lane, b.transition, \
        b.worker, b.lease, b.wake_at, b.lapses, b.previous_event_id, b.entered_event_id, b.happening, b.first_child, \
        b.child_count, b.next_child, b.open_children, b.failed_children, b.tolerated_failures, b.last_event_id, \
        b.last_event_at, b.next_branch_id, b.task_token, b.deadline
        """

    init(_ row: Row) throws(PostgresError) {
        let key = BranchKey(ExecutionID(try row[0]), try row[1])
        let kind = Branch.Kind(try row[3] as String, ordinal: try row[4])
        self.init(key: key, parent: try row[2], kind: kind, state: try row[7])
        guard let status = Status(rawValue: try row[5]) else { throw Self.unknown(row, 5) }
        guard let phase = Branch.Phase(rawValue: try row[6]) else { throw Self.unknown(row, 6) }
        self.status = status
        self.phase = phase
        lane = try row[8]
        transition = try row[9]
        let worker: Int64? = try row[10]
        let number: Int64? = try row[11]
        if let worker, let number { lease = Lease(worker: WorkerID(rawValue: worker), number: number) }
        let wakeAt: Int64? = try row[12]
        switch wakeAt {
        case nil: wake = .never
        case .max?: wake = .leased
        case let time?: wake = .at(Timestamp(microseconds: time))
        }
        lapses = try row[13]
        previousEventID = try row[14]
        enteredEventID = try row[15]
        let happened: String? = try row[16]
        happening = happened.flatMap { RecordedHappening(text: $0) }
        firstChild = try row[17]
        childCount = try row[18]
        nextChild = try row[19]
        openChildren = try row[20]
        failedChildren = try row[21]
        toleratedFailures = try row[22]
        lastEventID = try row[23]
        let lastAt: Int64? = try row[24]
        lastEventAt = lastAt.map { Timestamp(microseconds: $0) }
        nextBranchID = try row[25]
        taskToken = try row[26]
        let until: Int64? = try row[27]
        deadline = until.map { Timestamp(microseconds: $0) }
    }

    private static func unknown(_ row: Row, _ column: Int) -> PostgresError {
        .decoding(column: row.columns[column], expected: "what this version writes", found: "something else")
    }
}
