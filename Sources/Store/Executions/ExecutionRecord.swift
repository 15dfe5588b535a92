package import JSON
import Postgres
package import StatesLanguage

/// What an execution's row says.
package enum ExecutionStatus: String, Sendable, CaseIterable {
    case running = "RUNNING"
    case succeeded = "SUCCEEDED"
    case failed = "FAILED"
    case timedOut = "TIMED_OUT"
    case aborted = "ABORTED"
}

/// An execution without its payloads.
package struct ExecutionSummary: Sendable, Equatable {
    package var id: ExecutionID
    /// The name that it was given; its id where it was given none.
    package var name: String
    package var stateMachineName: String
    package var status: ExecutionStatus
    package var startedAt: Timestamp
    package var stoppedAt: Timestamp?
    package var redriveCount: Int
    package var redrivenAt: Timestamp?
    /// The version through which it was started; `nil` where the machine itself was.
    package var version: Int?
    /// The alias through which it was started.
    package var alias: String?
    /// The map run whose child it is.
    package var mapRun: MapRunLink?
}

/// Which map run an execution is a child of.
package struct MapRunLink: Sendable, Equatable {
    package var id: MapRunID
    /// What stands behind the machine's name in ARNs.
    package var label: String
    /// How many items it was given.
    package var itemCount: Int
}

extension ExecutionSummary {
    /// The columns that ``init(_:)`` reads, of `executions` and `machines`.
    static let columns = """
        executions.execution_id, coalesce(executions.name, executions.execution_id::text) AS name,
        machines.name || coalesce('/' || \(MapRunID.label), '') AS state_machine_name, executions.status, executions.started_at, executions.stopped_at,
        executions.redrive_count, executions.redriven_at, executions.version, executions.alias,
        executions.map_run_id, executions.item_count, \(MapRunID.label) AS map_run_label
        """

    init(_ row: Row) throws(PostgresError) {
        id = ExecutionID(try row["execution_id"])
        name = try row["name"]
        stateMachineName = try row["state_machine_name"]
        status = try row.word("status")
        startedAt = try row.timestamp("started_at")
        stoppedAt = try row.optionalTimestamp("stopped_at")
        redriveCount = try row["redrive_count"]
        redrivenAt = try row.optionalTimestamp("redriven_at")
        version = try row["version"]
        alias = try row["alias"]
        if let id: UUIDValue = try row["map_run_id"], let label: String = try row["map_run_label"] {
            mapRun = MapRunLink(
                id: MapRunID(id),
                label: label,
                itemCount: try row.decode("item_count", as: Int?.self) ?? 1
            )
        }
    }
}

/// An execution's row.
package struct ExecutionRecord: Sendable, Equatable {
    package var summary: ExecutionSummary
    package var stateMachineID: StateMachineID
    package var machineStatus: StateMachineRecord.Status
    /// The revision that it pins.
    package var revisionID: RevisionID
    package var input: JSONText
    package var output: JSONText?
    package var error: String?
    package var cause: String?
    package var traceHeader: String?

    package var id: ExecutionID { summary.id }
    package var name: String { summary.name }
    package var status: ExecutionStatus { summary.status }
}

extension ExecutionRecord {
    /// The columns that ``init(_:)`` reads, of `executions` and `machines`.
    static let columns = """
        \(ExecutionSummary.columns), executions.state_machine_id, executions.revision_id, executions.input,
        executions.output, executions.error, executions.cause, executions.trace_header,
        machines.status AS machine_status
        """

    init(_ row: Row) throws(PostgresError) {
        summary = try ExecutionSummary(row)
        stateMachineID = StateMachineID(rawValue: try row["state_machine_id"])
        machineStatus = try row.word("machine_status")
        revisionID = RevisionID(rawValue: try row["revision_id"])
        input = JSONText(trusted: try row["input"])
        output = try row.decode("output", as: String?.self).map { JSONText(trusted: $0) }
        error = try row["error"]
        cause = try row["cause"]
        traceHeader = try row["trace_header"]
    }
}
