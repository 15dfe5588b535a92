import Engine
import HTTPServer
import JSON
import Postgres
import StatesLanguage
import Store
import Synchronization

/// What the pages about map runs are made of.
///
/// How far a run is changes all the time: however many pages look on, the database is asked once a second.
final class MapRunPages: Sendable {
    private struct Kept {
        var task: Task<JSONValue?, Never>
        var until: ContinuousClock.Instant
    }

    /// How many answers are kept in mind.
    private static let most = 100
    private let store: Store
    private let arns: ARNs
    private let kept = Mutex<[UUIDValue: Kept]>([:])

    init(store: Store, arns: ARNs) {
        self.store = store
        self.arns = arns
    }

    /// The runs of an execution's Distributed Maps.
    func list(of execution: ExecutionID) async throws -> JSONValue {
        let runs = await keeping(execution.value) { [self] () throws(StoreError) in
            .array(try await store.listMapRuns(of: execution, after: nil, limit: 100).map { json($0) })
        }
        guard let runs else { throw Refusal(status: 503, message: "the database does not answer") }
        return runs
    }

    /// One run.
    func details(_ text: String) async throws -> JSONValue {
        guard let id = MapRunID(text) else { throw Refusal.missing("map run '\(text)'") }
        let run = await keeping(id.value) { [self] () throws(StoreError) in
            try await store.mapRun(id).map { json($0) } ?? .null
        }
        guard let run else { throw Refusal(status: 503, message: "the database does not answer") }
        guard !run.isNull else { throw Refusal.missing("map run '\(text)'") }
        return run
    }

    /// A page of a run's children, those of the last items first.
    func children(_ text: String, _ request: HTTPRequest) async throws -> JSONValue {
        guard let id = MapRunID(text), let run = try await store.mapRun(id) else {
            throw Refusal.missing("map run '\(text)'")
        }
        var filter = ChildFilter()
        if let status = request.query("status").flatMap(ExecutionStatus.init) { filter.statuses = [status] }
        let found = try await store.listChildren(
            of: run,
            filter,
            before: request.query("before").flatMap { ExecutionID($0) },
            limit: ExecutionPages.pageLength + 1
        )
        let page = found.prefix(ExecutionPages.pageLength)
        return [
            "executions": .array(page.map(\.json)),
            "next": found.count > page.count ? .optional(page.last?.id.description) : .null,
        ]
    }

    private func keeping(
        _ id: UUIDValue,
        _ read: @escaping @Sendable () async throws(StoreError) -> JSONValue
    ) async -> JSONValue? {
        let task = kept.withLock { kept in
            if let known = kept[id], known.until > .now { return known.task }
            if kept.count >= Self.most { kept = kept.filter { $0.value.until > .now } }
            let task = Task { try? await read() }
            kept[id] = Kept(task: task, until: .now + .seconds(1))
            return task
        }
        return await task.value
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
            "total": run.totalItems.map { .number($0) } ?? .null, "items": .number(run.items),
            "children": .number(run.children), "open": .number(max(0, run.openChildren)),
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
