import Engine
import HTTPServer
import JSON
import StatesLanguage
import Store

/// What the pages about map runs are made of.
///
/// How far a run is changes all the time: however many pages look on, the database is asked once.
struct MapRunPages: Sendable {
    let store: Store
    let arns: ARNs
    let shared: SharedAnswers

    /// The runs of an execution's Distributed Maps.
    func list(of execution: ExecutionID) async throws -> JSONValue {
        try await shared.answer("map-runs of \(execution)") { [self] () throws(StoreError) in
            .array(try await store.listMapRuns(of: execution, limit: 100).map { json($0) })
        }
    }

    /// One run.
    func details(_ text: String) async throws -> JSONValue {
        try await known(text) { id in
            try await shared.answer("map-run \(id)") { () throws(StoreError) in
                try await store.mapRun(id).map { json($0) } ?? .null
            }
        }
    }

    /// A page of a run's children, those of the last items first.
    func children(_ text: String, _ request: HTTPRequest) async throws -> JSONValue {
        let status = request.query("status").flatMap(ExecutionStatus.init)
        let before = request.query("before").flatMap { ExecutionID($0) }
        let key = [status?.rawValue ?? "", before?.description ?? ""].joined(separator: " ")
        return try await known(text) { id in
            try await shared.answer("children of \(id) \(key)") { () throws(StoreError) in
                guard let run = try await store.mapRun(id) else { return .null }
                var filter = ChildFilter()
                if let status { filter.statuses = [status] }
                let limit = ExecutionPages.pageLength
                let found = try await store.listChildren(of: run, filter, before: before, limit: limit + 1)
                let page = found.prefix(limit)
                return [
                    "executions": .array(page.map(\.json)),
                    "next": found.count > page.count ? .optional(page.last?.id.description) : .null,
                ]
            }
        }
    }

    /// What is said of a run that there is.
    private func known(_ text: String, _ read: (MapRunID) async throws -> JSONValue) async throws -> JSONValue {
        guard let id = MapRunID(text) else { throw Refusal.missing("map run '\(text)'") }
        let answer = try await read(id)
        guard !answer.isNull else { throw Refusal.missing("map run '\(text)'") }
        return answer
    }

    private func json(_ run: MapRunRecord) -> JSONValue {
        let machine = run.machineName.prefix { $0 != "/" }
        let arn = MapRunARN(
            scope: arns.scope,
            stateMachine: String(machine),
            label: run.label,
            id: run.id.description
        )
        return [
            "id": .string(run.id.description), "arn": .string("\(arn)"), "state": .string(run.state),
            "machine": .string(run.machineName), "execution": .string(run.executionName),
            "type": .string(run.type.rawValue), "status": .string(run.status.rawValue),
            "started": .time(run.startedAt), "stopped": .time(run.stoppedAt), "redrives": .number(run.redriveCount),
            "maxConcurrency": .number(run.maxConcurrency),
            "toleratedFailures": run.toleratedFailures.map { .number($0) } ?? .null,
            "toleratedPercentage": run.toleratedPercentage.map { .number(JSONNumber($0)) } ?? .null,
            "total": run.totalItems.map { .number($0) } ?? .null, "items": .number(run.begunItems),
            "children": .number(run.begunChildren), "open": .number(max(0, run.openChildren)),
            "waiting": [
                "children": .number(run.pendingRedrive.executions.total),
                "items": .number(run.pendingRedrive.items.total),
            ],
            "ended": ["children": Self.json(run.counts.executions), "items": Self.json(run.counts.items)],
        ]
    }

    private static func json(_ ends: MapRunCounts.Ends) -> JSONValue {
        [
            "SUCCEEDED": .number(ends.succeeded), "FAILED": .number(ends.failed), "TIMED_OUT": .number(ends.timedOut),
            "ABORTED": .number(ends.aborted),
        ]
    }
}
