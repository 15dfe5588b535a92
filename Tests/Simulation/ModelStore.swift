import Engine
import Interpreter
import JSON
import StatesLanguage
import Store

/// The database as a model: tables in memory, and what each of the store's statements does to them.
///
/// Every function is one transaction, but for a commit, which first reads under the locks of its executions and then writes:
/// leasing, which takes no such lock, may come between.
final class ModelStore {
    /// A row of `branches`.
    struct StoredBranch {
        var row: BranchRow
        var branch: Branch
        var output: JSONText?
        var failure: Failure?
    }

    /// A row of `executions`, with its branches by number and its history.
    final class Execution {
        let start: StartSubmission
        let machineName: String
        var branches: [StoredBranch] = []
        var history: [HistoryRow] = []
        var end: ExecutionEnd?
        var isLocked = false

        init(_ start: StartSubmission, machineName: String) {
            self.start = start
            self.machineName = machineName
        }
    }

    /// A row of `workers`.
    struct WorkerRow {
        var lanes: [String]
        var heartbeatAt: Timestamp
        var endedAt: Timestamp?
        /// Whether the session that holds its advisory lock is there.
        var hasSession = true
    }

    private(set) var executions: [Execution] = []
    private var byID: [ExecutionID: Execution] = [:]
    private(set) var workers: [WorkerRow] = []
    var mapRuns: [MapRunID: MapRunRow] = [:]
    /// Leases that a crash takes back: given since the last commit that waited for the disk, the latest last.
    private var unflushed: [(key: BranchKey, before: BranchRow)] = []
    /// Rows of `revocations`, and when each lease was taken away.
    private var revocations: [(key: BranchKey, lease: Lease, at: Timestamp)] = []
    private(set) var revokedAt: [Lease: Timestamp] = [:]
    private var waiting: [() -> Void] = []
    private(set) var isUp = true
    private(set) var startedAt = Timestamp(microseconds: 0)
    /// Counts its starts: what one knew of locks the next does not.
    private(set) var epoch = 0
    let checks: Checks
    let flaw: Flaw?
    let outputLimit: Int

    init(checks: Checks, flaw: Flaw?, outputLimit: Int) {
        self.checks = checks
        self.flaw = flaw
        self.outputLimit = outputLimit
    }

    func execution(_ id: ExecutionID) -> Execution? { byID[id] }

    func branch(_ key: BranchKey) -> StoredBranch? {
        guard let execution = byID[key.execution], execution.branches.indices.contains(key.branch) else { return nil }
        return execution.branches[key.branch]
    }

    func insert(_ start: StartSubmission) {
        checks.expect(byID[start.id] == nil, "\(start.id) begins twice")
        let execution = Execution(start, machineName: "machine")
        executions.append(execution)
        byID[start.id] = execution
    }

    // MARK: Workers

    func registerWorker(lanes: [String], at now: Timestamp) -> WorkerID {
        workers.append(WorkerRow(lanes: lanes, heartbeatAt: now))
        flush()
        return WorkerID(rawValue: Int64(workers.count))
    }

    func isAlive(_ worker: WorkerID) -> Bool { workers[Int(worker.rawValue) - 1].endedAt == nil }

    /// How many workers are alive, and what was taken away from this one lately; `nil` to one that is not alive.
    func heartbeat(
        _ worker: WorkerID,
        at now: Timestamp
    ) -> (neighbours: Int, revoked: [(key: BranchKey, lease: Lease)])? {
        guard isAlive(worker) else { return nil }
        workers[Int(worker.rawValue) - 1].heartbeatAt = now
        flush()
        revocations.removeAll { $0.lease.worker == worker && $0.at < now - .seconds(10) }
        let own = revocations.filter { $0.lease.worker == worker }
        return (workers.filter { $0.endedAt == nil }.count, own.map { ($0.key, $0.lease) })
    }

    func revoke(_ leases: [(key: BranchKey, lease: Lease)], at now: Timestamp) {
        for (key, lease) in leases {
            revocations.append((key, lease, now))
            revokedAt[lease] = now
        }
    }

    func endWorker(_ worker: WorkerID, at now: Timestamp) {
        workers[Int(worker.rawValue) - 1].endedAt = now
        flush()
    }

    func loseSession(_ worker: WorkerID) { workers[Int(worker.rawValue) - 1].hasSession = false }

    func endLapsedWorkers(_ settings: EngineSettings, at now: Timestamp) {
        for index in workers.indices where workers[index].endedAt == nil {
            let isHinted = !workers[index].hasSession && now - startedAt > .seconds(5)
            let lapse = isHinted ? settings.lapseWithoutSession : settings.lapse
            if now - workers[index].heartbeatAt > lapse { endWorker(WorkerID(rawValue: Int64(index + 1)), at: now) }
        }
    }

    // MARK: Crashes

    /// What was committed with the disk's word for it is kept from now on, and all that came before.
    func flush() { unflushed.removeAll(keepingCapacity: true) }

    /// Goes down, and loses the latest so many of the leases that could be lost.
    func crash(losing count: Int) {
        isUp = false
        epoch += 1
        for lease in unflushed.suffix(count).reversed() { write(lease.before) }
        unflushed = []
        unlock(Set(executions.filter(\.isLocked).map(\.start.id)))
    }

    var unflushedCount: Int { unflushed.count }

    func start(at now: Timestamp) {
        isUp = true
        startedAt = now
        for index in workers.indices { workers[index].hasSession = false }
    }

    func holdSession(_ worker: WorkerID) { workers[Int(worker.rawValue) - 1].hasSession = true }

    // MARK: Rows

    func write(_ row: BranchRow) { byID[row.key.execution]?.branches[row.key.branch].row = row }

    func change(_ key: BranchKey, _ body: (inout StoredBranch) -> Void) {
        guard let execution = byID[key.execution], execution.branches.indices.contains(key.branch) else { return }
        body(&execution.branches[key.branch])
    }

    func noteLease(_ key: BranchKey, before: BranchRow) { unflushed.append((key, before)) }

    // MARK: Locks

    /// Takes the locks of executions, all at once; false if one is taken.
    func lock(_ ids: Set<ExecutionID>) -> Bool {
        let executions = ids.compactMap { byID[$0] }
        guard !executions.contains(where: \.isLocked) else { return false }
        for execution in executions { execution.isLocked = true }
        return true
    }

    func unlock(_ ids: Set<ExecutionID>) {
        for id in ids { byID[id]?.isLocked = false }
        let ready = waiting
        waiting = []
        for one in ready { one() }
    }

    /// Calls once locks were given back, or the database went down.
    func wait(_ body: @escaping () -> Void) { waiting.append(body) }
}
