import Interpreter
import JSON
import Postgres
import StatesLanguage

/// The columns of `branches` that a transition writes, in one order for INSERT and UPDATE.
enum BranchColumns {
    /// Names and types of those that an UPDATE sets; the key stands before them in ``values(_:)``.
    static let set: [(name: String, type: String)] = [
        ("transition", "int4"), ("worker", "int8"), ("lease", "int8"), ("wake_at", "timestamptz"),
        ("entered_at", "timestamptz"), ("deadline", "timestamptz"), ("entered_event_id", "int4"),
        ("previous_event_id", "int4"), ("heartbeat_ms", "int8"), ("first_child", "int4"), ("child_count", "int4"),
        ("next_child", "int4"), ("open_children", "int4"), ("failed_children", "int4"), ("tolerated_failures", "int4"),
        ("last_event_id", "int4"), ("next_branch_id", "int4"), ("last_event_at", "timestamptz"), ("lapses", "int2"),
        ("status", "text"), ("phase", "text"), ("lane", "text"), ("state", "text"), ("retries", "text"),
        ("input", "text"), ("item", "text"), ("variables", "text"), ("task_input", "text"), ("task_token", "text"),
        ("happening", "text"), ("output", "text"), ("error", "text"), ("cause", "text"), ("fails_on_loss", "bool"),
    ]

    /// Those that only an INSERT gives.
    static let born: [(name: String, type: String)] = [("parent_id", "int4"), ("ordinal", "int4"), ("kind", "text")]

    static let insert: String = {
        let columns = [("execution_id", "uuid"), ("branch_id", "int4")] + set + born
        return """
            INSERT INTO braid.branches (\(columns.map(\.0).joined(separator: ", ")))
            SELECT * FROM unnest(\(parameters(columns.map(\.1))))
            """
    }()

    static let update = update(with: [])

    /// The same for rows that must be of the versions which an array behind those of ``update`` gives; the text behind that
    /// is the complaint of one that is not.
    static let updatePresumed = """
        WITH moved AS (
            \(update(with: [("version", "int4")])) AND b.xmin = v.version RETURNING 1
        )
        SELECT CASE WHEN count(*) = cardinality($1) THEN 0 ELSE $\(set.count + 4)::text::int4 END FROM moved
        """

    private static func update(with more: [(name: String, type: String)]) -> String {
        let columns = [("execution_id", "uuid"), ("branch_id", "int4")] + set + more
        return """
            UPDATE braid.branches AS b SET \(set.map { "\($0.name) = \(value(of: $0.name))" }.joined(separator: ", "))
            FROM unnest(\(parameters(columns.map(\.1)))) AS v (\(columns.map(\.0).joined(separator: ", ")))
            WHERE b.execution_id = v.execution_id AND b.branch_id = v.branch_id
            """
    }

    /// What an UPDATE sets a column to.
    ///
    /// Variables that did not change are not sent: an empty text, which is no JSON, stands for those that the row has. They
    /// may be megabytes, and a row that keeps them shares them with its older versions.
    private static func value(of column: String) -> String {
        column == "variables" ? "CASE WHEN v.variables = '' THEN b.variables ELSE v.variables END" : "v.\(column)"
    }

    static func parameters(_ types: [String]) -> String {
        types.enumerated().map { "$\($0.offset + 1)::\($0.element)[]" }.joined(separator: ", ")
    }

    /// The arrays of ``update``: the key, then ``set``.
    static func values(_ writes: [BranchWrite]) -> [PostgresValue] {
        let rows = writes.map(\.row)
        let branches = writes.map(\.branch)
        return [
            .uuidArray(rows.map(\.key.execution.value)), int4(rows.map(\.key.branch)),
            int4(rows.map(\.transition)), .int8Array(rows.map { $0.lease?.worker.rawValue }),
            .int8Array(rows.map { $0.lease?.number }), .timestampArray(rows.map { $0.wake.microseconds }),
            .timestampArray(branches.map { $0.enteredAt?.microseconds }),
            .timestampArray(branches.map { $0.deadline?.microseconds }), int4(rows.map(\.enteredEventID)),
            int4(rows.map(\.previousEventID)),
            .int8Array(branches.map { $0.heartbeat.map { Int64($0 / .milliseconds(1)) } }),
            int4(rows.map(\.firstChild)), int4(rows.map(\.childCount)), int4(rows.map(\.nextChild)),
            int4(rows.map(\.openChildren)), int4(rows.map(\.failedChildren)), int4(rows.map(\.toleratedFailures)),
            int4(rows.map(\.lastEventID)), int4(rows.map(\.nextBranchID)),
            .timestampArray(rows.map { $0.lastEventAt?.microseconds }),
            .int2Array(rows.map { Int16(clamping: $0.lapses) }), .textArray(rows.map(\.status.rawValue)),
            .textArray(rows.map(\.phase.rawValue)), .textArray(rows.map(\.lane)), .textArray(rows.map(\.state)),
            .textArray(branches.map { $0.retries.text }), .textArray(branches.map(\.input.text)),
            .textArray(branches.map { $0.item?.text }), .textArray(writes.map { $0.variablesText }),
            .textArray(branches.map { $0.taskInput?.text }), .textArray(branches.map(\.taskToken)),
            .textArray(rows.map { $0.happening?.text }), .textArray(writes.map { $0.output?.text }),
            .textArray(writes.map { $0.failure?.error?.withoutNUL }),
            .textArray(writes.map { $0.failure?.cause?.withoutNUL }),
            .boolArray(rows.map { $0.failsOnLoss ? true : nil }),
        ]
    }

    /// The arrays of ``insert``: those of ``update``, then ``born``.
    static func bornValues(_ writes: [BranchWrite]) -> [PostgresValue] {
        let rows = writes.map(\.row)
        return values(writes) + [
            int4(rows.map(\.parent)), int4(rows.map(\.kind.ordinal)), .textArray(rows.map(\.kind.text)),
        ]
    }

    static func int4(_ numbers: [Int]) -> PostgresValue { .int4Array(numbers.map { Int32(clamping: $0) }) }

    static func int4(_ numbers: [Int?]) -> PostgresValue {
        .int4Array(numbers.map { number in number.map { Int32(clamping: $0) } })
    }
}

extension BranchRow.Wake {
    /// As `wake_at` holds it.
    var microseconds: Int64? {
        switch self {
        case .never: nil
        case .leased: .max
        case .at(let time): time.microseconds
        }
    }
}

extension Branch.Kind {
    var ordinal: Int {
        switch self {
        case .root: 0
        case .branch(let ordinal), .iteration(let ordinal): ordinal
        }
    }

    var text: String {
        switch self {
        case .root: "root"
        case .branch: "branch"
        case .iteration: "iteration"
        }
    }

    init(_ text: String, ordinal: Int) {
        switch text {
        case "branch": self = .branch(ordinal)
        case "iteration": self = .iteration(ordinal)
        default: self = .root
        }
    }
}

extension Retries {
    /// As its column holds it: counts with commas between, or nothing.
    var text: String { counts.map(String.init).joined(separator: ",") }

    init(text: String) { self.init(counts: text.split(separator: ",").map { Int($0) ?? 0 }) }
}

extension BranchWrite {
    /// A branch's own variables as its column holds them: an object, `{}` if there are none yet but outer ones are read, and
    /// NULL if it has none and reads none; or the empty text, which leaves them as they are.
    fileprivate var variablesText: String? {
        guard writesVariables else { return "" }
        guard !branch.variables.own.isEmpty || branch.variables.outer != nil else { return nil }
        return JSONValue.object(branch.variables.own).text
    }
}
