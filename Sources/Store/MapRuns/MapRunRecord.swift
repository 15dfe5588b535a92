import Postgres
package import StatesLanguage

/// A map run's row, and how far the run is.
package struct MapRunRecord: Sendable, Equatable {
    package enum Status: String, Sendable {
        case running = "RUNNING"
        case succeeded = "SUCCEEDED"
        case failed = "FAILED"
        case aborted = "ABORTED"
    }

    package var id: MapRunID
    /// The branch whose state it is a run of.
    package var key: BranchKey
    package var machine: StateMachineID
    /// The execution's name, and its machine's, as ARNs have them.
    package var executionName: String
    package var machineName: String
    package var state: String
    package var label: String
    package var type: StateMachineType
    package var status: Status
    package var startedAt: Timestamp
    package var stoppedAt: Timestamp?
    package var redriveCount: Int
    package var redrivenAt: Timestamp?
    package var maxConcurrency: Int
    /// `nil` where it was not given; where neither is, none is tolerated.
    package var toleratedFailures: Int?
    package var toleratedPercentage: Double?
    /// Where reading goes on; `nil` at the start.
    package var cursor: String?
    /// How many items were given to children, and to how many; of those in memory only those in front of the cursor.
    package var items: Int
    package var children: Int
    /// Those of them that run, if they do so in memory.
    package var inMemory: ChildrenInMemory
    /// How many items there are, once that is known.
    package var totalItems: Int?
    /// How many of them have ended, and how, but for those that wait for being redriven.
    package var counts: MapRunCounts
    /// How many wait for that, by how they ended before.
    package var pendingRedrive: MapRunCounts
    /// How far the present redrive is.
    package var redrive: MapRunRedrive
    /// Uploads of results that have begun, as JSON that their writer knows; `nil` for none.
    package var uploads: String?
    /// Whether the results are exported, all of them.
    package var hasWrittenResults: Bool
    /// The attempts whose results were all exported, and the files of what succeeded, as JSON that their writer knows; `nil`
    /// for none.
    package var exported: String?

    /// How many children have begun and not ended.
    package var openChildren: Int { begunChildren - counts.executions.total - pendingRedrive.executions.total }

    /// How many children have begun.
    package var begunChildren: Int {
        guard type == .express else { return children }
        return counts.executions.total + pendingRedrive.executions.total + inMemory.children
    }

    /// How many items were given to children.
    package var begunItems: Int {
        guard type == .express else { return items }
        return counts.items.total + pendingRedrive.items.total + inMemory.items
    }
}

/// How far a run's redrive is: children that began before it are looked at in their order.
package struct MapRunRedrive: Sendable, Equatable {
    /// How many children there were when it began; 0 where there was none.
    package var children: Int
    /// The first that was not looked at yet.
    package var cursor: Int
    /// How many of them cannot be redriven.
    package var refused: Int
    package var refusedItems: Int

    package var isOver: Bool { cursor >= children }
}

extension MapRunRecord {
    /// What ``init(_:)`` reads of runs `r`.
    static let columns = """
        r.map_run_id, r.execution_id, r.branch_id, r.state, r.label, r.execution_type, r.status, r.started_at, r.stopped_at,
        r.redrive_count, r.redriven_at, r.max_concurrency, r.tolerated_failure_count, r.tolerated_failure_percentage,
        r.cursor, r.items, r.children, r.total_items, r.redrive_children, r.redrive_cursor, r.not_redrivable,
        r.not_redrivable_items, r.pending_failed, r.pending_timed_out, r.pending_aborted, r.pending_items_failed,
        r.pending_items_timed_out, r.pending_items_aborted, r.running_children, r.running_items, r.uploads, r.results_written,
        r.exported, parents.state_machine_id,
        coalesce(parents.name, parents.execution_id::text) AS execution_name,
        machines.name || coalesce('/' || (
            SELECT o.label FROM braid.map_runs AS o WHERE o.map_run_id = parents.map_run_id
        ), '') AS machine_name, c.*
        """

    static let joins = """
        JOIN braid.executions AS parents ON parents.execution_id = r.execution_id
        JOIN braid.state_machines AS machines ON machines.state_machine_id = parents.state_machine_id
        CROSS JOIN LATERAL (
            SELECT coalesce(sum(succeeded), 0)::int8 AS succeeded, coalesce(sum(failed), 0)::int8 AS failed,
                coalesce(sum(timed_out), 0)::int8 AS timed_out, coalesce(sum(aborted), 0)::int8 AS aborted,
                coalesce(sum(items_succeeded), 0)::int8 AS items_succeeded,
                coalesce(sum(items_failed), 0)::int8 AS items_failed,
                coalesce(sum(items_timed_out), 0)::int8 AS items_timed_out,
                coalesce(sum(items_aborted), 0)::int8 AS items_aborted
            FROM braid.map_run_counts AS counts WHERE counts.map_run_id = r.map_run_id
        ) AS c
        """

    init(_ row: Row) throws(PostgresError) {
        id = MapRunID(try row["map_run_id"])
        key = BranchKey(ExecutionID(try row["execution_id"]), try row["branch_id"])
        machine = StateMachineID(rawValue: try row["state_machine_id"])
        executionName = try row["execution_name"]
        machineName = try row["machine_name"]
        state = try row["state"]
        label = try row["label"]
        type = try row.word("execution_type")
        status = try row.word("status")
        startedAt = try row.timestamp("started_at")
        stoppedAt = try row.optionalTimestamp("stopped_at")
        redriveCount = try row["redrive_count"]
        redrivenAt = try row.optionalTimestamp("redriven_at")
        maxConcurrency = try row["max_concurrency"]
        toleratedFailures = try row["tolerated_failure_count"]
        toleratedPercentage = try row["tolerated_failure_percentage"]
        cursor = try row["cursor"]
        items = try row["items"]
        children = try row["children"]
        totalItems = try row["total_items"]
        inMemory = ChildrenInMemory(children: try row["running_children"], items: try row["running_items"])
        counts = MapRunCounts()
        counts.executions.succeeded = try row["succeeded"]
        counts.executions.failed = try row["failed"]
        counts.executions.timedOut = try row["timed_out"]
        counts.executions.aborted = try row["aborted"]
        counts.items.succeeded = try row["items_succeeded"]
        counts.items.failed = try row["items_failed"]
        counts.items.timedOut = try row["items_timed_out"]
        counts.items.aborted = try row["items_aborted"]
        redrive = MapRunRedrive(
            children: try row["redrive_children"],
            cursor: try row["redrive_cursor"],
            refused: try row["not_redrivable"],
            refusedItems: try row["not_redrivable_items"]
        )
        uploads = try row["uploads"]
        hasWrittenResults = try row["results_written"]
        exported = try row["exported"]
        pendingRedrive = MapRunCounts()
        // Once a run has ended nothing waits any more: what did is as it was.
        guard status == .running else {
            // What ran in memory was ended with its run.
            counts.executions.aborted += inMemory.children
            counts.items.aborted += inMemory.items
            inMemory = ChildrenInMemory()
            return
        }
        pendingRedrive.executions.failed = try row["pending_failed"]
        pendingRedrive.executions.timedOut = try row["pending_timed_out"]
        pendingRedrive.executions.aborted = try row["pending_aborted"]
        pendingRedrive.items.failed = try row["pending_items_failed"]
        pendingRedrive.items.timedOut = try row["pending_items_timed_out"]
        pendingRedrive.items.aborted = try row["pending_items_aborted"]
        counts.executions.subtract(pendingRedrive.executions)
        counts.items.subtract(pendingRedrive.items)
    }
}

extension Store {
    /// Reads a run.
    package func mapRun(_ id: MapRunID) async throws(StoreError) -> MapRunRecord? {
        let rows = try await query(
            "SELECT \(MapRunRecord.columns) FROM braid.map_runs AS r \(MapRunRecord.joins) WHERE r.map_run_id = $1",
            [.uuid(id.value)]
        )
        return try decode(rows, MapRunRecord.init).first
    }
}
