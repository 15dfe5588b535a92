import JSON
import StatesLanguage
import Store

/// What the first page shows.
struct Overview: Sendable {
    /// How far executions are counted.
    static let bound = 1_000

    private let store: Store
    private let about: About
    private let shared: SharedAnswers

    init(store: Store, about: About, shared: SharedAnswers) {
        self.store = store
        self.about = about
        self.shared = shared
    }

    /// What runs here, and how it goes.
    func json() async throws -> JSONValue {
        try await shared.answer("overview") { [self] () throws(StoreError) in try await read() }
    }

    private func read() async throws(StoreError) -> JSONValue {
        let database = try await store.describeDatabase()
        let workers = try await store.listLiveWorkers()
        let machines = try await store.countExecutions(ofNewest: 200, upTo: Self.bound)
        return [
            "version": .string(about.version), "region": .string(about.region), "account": .string(about.account),
            "now": .time(database.now), "bound": .number(Self.bound),
            "database": [
                "name": .string(database.name), "version": .string(database.version),
                "bytes": .number(database.byteCount), "hint": .string(about.databaseHint),
            ],
            "workers": .array(workers.map { Self.json(of: $0) }),
            "machines": .array(
                machines.map { counted in
                    let counts = ExecutionStatus.allCases.map { status in
                        (status.rawValue, JSONValue.number(counted.counts[status] ?? 0))
                    }
                    return [
                        "name": .string(counted.machine.name), "type": .string(counted.machine.type.rawValue),
                        "status": .string(counted.machine.status.rawValue), "created": .time(counted.machine.createdAt),
                        "counts": .object(JSONObject(counts)),
                    ]
                }
            ),
        ]
    }

    private static func json(of worker: WorkerRecord) -> JSONValue {
        [
            "id": .number(Int(worker.id.rawValue)), "host": .string(worker.host), "pid": .number(worker.processID),
            "capacity": .number(worker.capacity), "serves": .array(Served.names(worker.lanes).map { .string($0) }),
            "heartbeat": .time(worker.heartbeatAt), "started": .time(worker.startedAt),
        ]
    }
}

/// What a worker serves: each function once, by whatever of its names and ARNs a state may ask for it.
enum Served {
    static func names(_ lanes: [String]) -> [String] {
        var names: Set<String> = []
        for lane in lanes {
            let parts = lane.split(separator: ":", omittingEmptySubsequences: false)
            if lane.hasPrefix("arn:") {
                guard let marker = parts.lastIndex(of: "function"), marker + 1 < parts.endIndex else { continue }
                names.insert(String(parts[marker + 1]))
            } else if !lane.isEmpty {
                names.insert(lane)
            }
        }
        return names.sorted()
    }
}
