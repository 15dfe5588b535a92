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

    /// A page of a run's children, newest first as ListExecutions has them.
    func children(_ text: String, _ request: HTTPRequest) async throws -> JSONValue {
        let status = request.query("status").flatMap(ExecutionStatus.init)
        let before = request.query("before") ?? ""
        let key = "\(status?.rawValue ?? "") \(before)"
        return try await known(text) { id in
            try await shared.answer("children of \(id) \(key)") { () throws(StoreError) in
                guard let run = try await store.mapRun(id) else { return .null }
                var filter = ChildFilter()
                if let status { filter.statuses = [status] }
                let limit = ExecutionPages.pageLength
                guard run.type == .standard else {
                    let found = try await store.keptChildren(of: run, filter, before: Int(before), limit: limit)
                    return [
                        "executions": .array(found.children.map { json($0, of: run) }),
                        "next": .optional(found.next?.description),
                    ]
                }
                let found = try await store.listChildren(of: run, filter, after: ChildPlace(before), limit: limit + 1)
                let page = found.prefix(limit)
                return [
                    "executions": .array(page.map(\.json)),
                    "next": found.count > page.count ? .optional(page.last.map { "\(ChildPlace(of: $0))" }) : .null,
                ]
            }
        }
    }

    /// A child that ran in memory, with all that was kept of it, and its run.
    func child(_ name: String, of text: String) async throws -> JSONValue {
        try await known(text) { id in
            guard let run = try await store.mapRun(id) else { return .null }
            guard let childID = ExecutionID(name), let child = try await store.keptChild(childID, of: run) else {
                throw Refusal.missing("child '\(name)' of which anything was kept")
            }
            guard var object = json(child, of: run).object else { return .null }
            object["items"] = child.itemCount.map { .number($0) } ?? .null
            object["input"] = .optional(child.input?.text)
            object["output"] = .optional(child.output?.text)
            object["error"] = .optional(child.error)
            object["cause"] = .optional(child.cause)
            object["run"] = json(run)
            return .object(object)
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

    /// As the lists show it.
    private func json(_ child: KeptChild, of run: MapRunRecord) -> JSONValue {
        [
            "id": .string(child.id.description), "name": .string(child.id.description),
            "machine": .string("\(run.machineName.prefix { $0 != "/" })/\(run.label)"),
            "status": .string(child.status.rawValue), "started": .time(child.startedAt),
            "stopped": .time(child.stoppedAt), "redrives": .number(child.redriveCount),
        ]
    }

    private static func json(_ ends: MapRunCounts.Ends) -> JSONValue {
        [
            "SUCCEEDED": .number(ends.succeeded), "FAILED": .number(ends.failed), "TIMED_OUT": .number(ends.timedOut),
            "ABORTED": .number(ends.aborted),
        ]
    }
}
