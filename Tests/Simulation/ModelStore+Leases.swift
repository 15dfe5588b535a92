import Engine
import Interpreter
import JSON
import StatesLanguage
import Store

extension ModelStore {
    /// The lanes in which branches wait, and when each next has one that is ready.
    func surveyLanes(at now: Timestamp) -> [LaneSurvey] {
        var lanes: [String: Timestamp] = [:]
        for execution in executions where execution.end == nil {
            for branch in execution.branches {
                guard case .at(let time) = branch.row.wake else { continue }
                lanes[branch.row.lane] = lanes[branch.row.lane].map { min($0, time) } ?? time
            }
        }
        let served = workers.filter { $0.endedAt.map { $0 > now - .seconds(30) } ?? true }.flatMap(\.lanes)
        return lanes.sorted { $0.key < $1.key }.map { lane, nextWake in
            LaneSurvey(lane: lane, nextWake: nextWake, isServed: lane.isEmpty || served.contains(lane))
        }
    }

    /// `leaseReady`: rows of roots whose execution is locked are skipped.
    func leaseReady(from lanes: [LanePlaces], to worker: WorkerID, first: Int64, at now: Timestamp) -> [LeasedBranch] {
        guard isAlive(worker) else { return [] }
        var chosen: [BranchKey] = []
        for lane in lanes {
            var ready: [(at: Timestamp, key: BranchKey)] = []
            for execution in executions where execution.end == nil {
                for branch in execution.branches where branch.row.lane == lane.lane {
                    guard case .at(let time) = branch.row.wake, time <= now else { continue }
                    if !(branch.row.key.isRoot && execution.isLocked) { ready.append((time, branch.row.key)) }
                }
            }
            ready.sort { $0.at == $1.at ? $0.key < $1.key : $0.at < $1.at }
            chosen += ready.prefix(lane.places).map(\.key)
        }
        return chosen.enumerated().compactMap { offset, key in
            let lease = Lease(worker: worker, number: first + Int64(offset))
            guard let before = branch(key)?.row else { return nil }
            change(key) { $0.row.hand(to: lease, at: now) }
            noteLease(key, before: before)
            checks.given(lease, of: key)
            return leased(key, lease, at: now)
        }
    }

    /// `leased`: those of the leases that still are what they were.
    func leased(_ leases: [(key: BranchKey, lease: Lease)]) -> [LeasedBranch] {
        leases.compactMap { leased($0.key, $0.lease) }
    }

    /// `offeredActivities`.
    func offered(in lane: String, at now: Timestamp) -> [LeasedBranch] {
        let rows = executions.filter { $0.end == nil }.flatMap(\.branches).map(\.row)
        return rows.compactMap { row in
            guard row.lane == lane, case .at(let time) = row.wake, time <= now else { return nil }
            return read(row.key, Lease(worker: WorkerID(rawValue: 0), number: 0))
        }
    }

    private func leased(_ key: BranchKey, _ lease: Lease, at now: Timestamp? = nil) -> LeasedBranch? {
        branch(key)?.row.lease == lease ? read(key, lease, at: now) : nil
    }

    private func read(_ key: BranchKey, _ lease: Lease, at now: Timestamp? = nil) -> LeasedBranch? {
        guard let execution = execution(key.execution), let stored = branch(key) else { return nil }
        let row = stored.row
        var branch = stored.branch
        branch.kind = row.kind
        branch.state = row.state
        branch.phase = row.phase
        branch.previousEventID = row.previousEventID
        branch.enteredEventID = row.enteredEventID
        branch.retries = Retries(counts: branch.retries.counts)
        if branch.variables.outer != nil { branch.variables.outer = variables(around: row, of: execution) }
        var leased = LeasedExecution(
            id: key.execution,
            name: key.execution.description,
            machineName: execution.machineName,
            roleARN: "arn:aws:iam::123456789012:role/r",
            input: execution.start.input,
            startedAt: execution.start.at
        )
        leased.mapRun = execution.start.mapRun
        return LeasedBranch(
            key: key,
            parent: row.parent,
            lease: lease,
            number: row.transition,
            branch: branch,
            revision: execution.start.revision,
            execution: leased,
            happening: row.happening,
            joined: joined(row, of: execution),
            lastEventID: key.isRoot ? row.lastEventID : nil,
            leasedAt: now
        )
    }

    /// The variables of the branches around one, as their rows have them.
    private func variables(around row: BranchRow, of execution: Execution) -> JSONObject {
        guard let parent = row.parent else { return [:] }
        let stored = execution.branches[parent]
        return Variables(own: stored.branch.variables.own, outer: variables(around: stored.row, of: execution)).visible
    }

    private func joined(_ row: BranchRow, of execution: Execution) -> LeasedBranch.Joined? {
        guard row.phase == .joined, row.happening == nil, let first = row.firstChild else { return nil }
        let outputs = execution.branches[first..<(first + row.childCount)].compactMap(\.output)
        checks.expect(outputs.count == row.childCount, "\(row.key) is joined before all of its children have an output")
        let bytes = outputs.reduce(row.childCount + 1) { $0 + $1.byteCount }
        return bytes <= outputLimit ? .outputs(.array(of: outputs)) : .overLimit(bytes: bytes)
    }

    /// `releaseLeases`: of one worker, or of all that are not alive; executions that are locked have to wait.
    ///
    /// - Returns: Whether anything was released, and whether there is more.
    @discardableResult
    func releaseLeases(of worker: WorkerID? = nil, deadly: Int = 3, at now: Timestamp) -> (released: Bool, more: Bool) {
        var released = false
        var more = false
        for execution in executions where execution.end == nil {
            for index in execution.branches.indices {
                var row = execution.branches[index].row
                guard row.wake == .leased, let lease = row.lease else { continue }
                guard worker.map({ $0 == lease.worker }) ?? !isAlive(lease.worker) else { continue }
                if execution.isLocked || (worker == nil && flaw == .noTakingBack) {
                    more = execution.isLocked
                    continue
                }
                row.hand(to: nil, at: now)
                let endsWithWorker = row.failsOnLoss && row.phase == .performing
                let isLost = endsWithWorker && row.happening == nil && row.deadline.map { $0 > now } ?? true
                if endsWithWorker { row.lane = "" }
                if isLost { row.happening = .workerLost }
                if worker == nil {
                    row.lapses += 1
                    if row.lapses >= deadly, !isLost {
                        row.happening = .broken(cause: "The worker died \(deadly) times in a row.")
                        checks.exempt(execution.start.id, because: "a branch was broken")
                    }
                }
                write(row)
                released = true
            }
        }
        if released { flush() }
        return (released, more)
    }

    /// What a worker holds.
    func leases(of worker: WorkerID) -> [(key: BranchKey, lease: Lease)] {
        executions.filter { $0.end == nil }.flatMap(\.branches).compactMap { branch in
            branch.row.lease.flatMap { $0.worker == worker ? (branch.row.key, $0) : nil }
        }
    }

    /// Gives back leases that still are what they were; waits for the executions' locks: false if it must.
    func releaseLeases(_ leases: [(key: BranchKey, lease: Lease)], at now: Timestamp) -> Bool {
        let executions = leases.compactMap { execution($0.key.execution) }
        guard !executions.contains(where: \.isLocked) else { return false }
        for (key, lease) in leases where branch(key)?.row.lease == lease {
            change(key) { $0.row.hand(to: nil, at: now) }
        }
        flush()
        return true
    }

    /// `releaseUnknown`: waits for the execution's lock; false if it must.
    func releaseUnknown(
        in id: ExecutionID,
        of worker: WorkerID,
        from first: Int64,
        count: Int,
        at now: Timestamp
    ) -> Bool {
        guard let execution = execution(id) else { return true }
        guard !execution.isLocked else { return false }
        for index in execution.branches.indices {
            var row = execution.branches[index].row
            guard row.wake == .leased, let lease = row.lease, lease.worker == worker, lease.number >= first,
                lease.number < first + Int64(count)
            else { continue }
            row.hand(to: nil, at: now)
            write(row)
        }
        flush()
        return true
    }

    /// Running executions whose time is up.
    func overdueExecutions(at now: Timestamp) -> [ExecutionID] {
        executions.filter { $0.end == nil && $0.start.deadline.map { $0 <= now } ?? false }.map(\.start.id)
    }
}
