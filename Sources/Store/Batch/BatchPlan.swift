import Interpreter
import JSON
package import StatesLanguage

/// Decides what a batch of submissions writes: a value, without I/O, under the locks of the executions that it changes.
///
/// Submissions are applied in order, each to the rows as those before it left them, so that what happens within an
/// execution is serial even inside one transaction (DESIGN §5, §8). The result is ``writes`` and an answer for each.
package struct BatchPlan {
    /// A row as the batch has it so far, and what of it must be written.
    struct Working {
        var row: BranchRow
        /// All that the row holds besides: present if the branch was made or moved by this batch.
        var branch: Branch?
        var output: JSONText?
        var failure: Failure?
        var isNew = false
        var isChanged = false
        /// An unstarted iteration that begins in place of one that has ended.
        var isStartedSibling = false
        /// Whether its variables are others than its row has.
        var assigns = false
    }

    package internal(set) var writes = BatchWrites()
    var rows: [BranchKey: Working] = [:]
    /// The keys of ``rows`` by execution, once something ends all that is open in one.
    private var keysByExecution: [ExecutionID: [BranchKey]]?
    let now: Timestamp
    /// Whether an earlier try of the same batch may have been committed, its answer being lost.
    package var isRepeated = false
    /// Who has the names that starts of this batch ask for: others, and those of the batch itself that came first.
    var taken: [ExecutionName: NamedExecution] = [:]

    /// - Parameters:
    ///   - rows: The root of every execution in the batch, its submitted branches and their parents; where a child fails
    ///     or an execution is stopped, every open and unstarted branch of that execution too.
    ///   - now: The database's time.
    package init(rows: [BranchRow], now: Timestamp) {
        for row in rows { self.rows[row.key] = Working(row: row) }
        self.now = now
    }

    /// The rows that these submissions need, beside those of ``sweeping(_:)``.
    package static func keys(of submissions: [Submission]) -> Set<BranchKey> {
        var keys: Set<BranchKey> = []
        for submission in submissions {
            switch submission {
            case .transition(let one):
                keys.insert(one.key)
                keys.insert(one.key.root)
                if let parent = one.parent { keys.insert(BranchKey(one.key.execution, parent)) }
            case .stop(let stop): keys.insert(BranchKey(stop.execution, 0))
            case .callback(let callback): keys.formUnion([callback.key, callback.key.root])
            case .activity(let activity): keys.formUnion([activity.key, activity.key.root])
            case .children(let children): keys.formUnion([children.key, children.key.root])
            case .start: break
            }
        }
        return keys
    }

    /// Applies a whole batch in order, and puts what the rows have become into ``writes``.
    ///
    /// What one submission keeps or is given, and a later one of the same batch ends, is not in its answer any more.
    ///
    /// - Returns: An answer for each submission.
    package mutating func apply(_ submissions: [Submission]) -> [Answer] {
        var answers = submissions.map { apply($0) }
        finish()
        guard !writes.revoked.isEmpty else { return answers }
        let revoked = Set(writes.revoked.map(\.lease))
        for (index, submission) in submissions.enumerated() {
            guard case .committed(var committed) = answers[index], case .transition(let one) = submission else {
                continue
            }
            committed.taken.removeAll { revoked.contains($0.lease) }
            if revoked.contains(one.lease), rows[one.key]?.row.status != .open { committed.isHeld = false }
            answers[index] = .committed(committed)
        }
        return answers
    }

    /// Applies one submission to the rows as they are now.
    private mutating func apply(_ submission: Submission) -> Answer {
        switch submission {
        case .transition(let one): apply(one)
        case .start(let start): apply(start)
        case .stop(let stop): apply(stop)
        case .callback(let callback): apply(callback)
        case .activity(let activity): apply(activity)
        case .children(let children): apply(children)
        }
    }

    /// Puts what the rows have become into ``writes``.
    private mutating func finish() {
        for key in rows.keys.sorted() {
            guard let working = rows[key] else { continue }
            if working.isChanged, working.row.phase == .distributed, working.row.status != .open {
                writes.mapRunAborts.append(MapRunEnd(key: key, status: .aborted, leavesChildren: true, at: now))
            }
            if working.isNew {
                writes.inserts.append(BranchWrite(working))
            } else if working.isStartedSibling, working.row.status == .open {
                writes.siblings.append(SiblingStart(row: working.row))
            } else if working.branch != nil || working.output != nil || working.failure != nil {
                writes.updates.append(BranchWrite(working))
            } else if working.isChanged, [.aborted, .timedOut].contains(working.row.status) {
                writes.aborts.append(working.row)
            } else if working.isChanged {
                writes.touches.append(working.row)
            }
        }
    }

    // MARK: Transitions

    private mutating func apply(_ one: TransitionSubmission) -> Answer {
        guard let root = rows[one.key.root]?.row, root.status == .open, let held = rows[one.key]?.row,
            held.status == .open, held.lease == one.lease, held.transition == one.number
        else { return committedBefore(one) ?? .lost }
        if givesWay(one, held) { return .committed(handBack(one, held, lane: "")) }
        return .committed(one.isHandedBack ? handBack(one, held, lane: one.lane) : advance(one))
    }

    /// Whether an attempt would end by its clock, or by its call's failure, although it was called back before.
    ///
    /// What came first was accepted, and counts: the branch is handed back to go on with that. Not so one that is broken: it
    /// would come back as it was.
    private func givesWay(_ one: TransitionSubmission, _ row: BranchRow) -> Bool {
        guard let happening = row.happening, happening.endsAttempt, !one.takesUp, !one.isBroken else { return false }
        return one.transition.branch.taskToken != row.taskToken
    }

    /// Lets go of a branch as it stands, with its number and its lapses.
    private mutating func handBack(_ one: TransitionSubmission, _ row: BranchRow, lane: String) -> Committed {
        var committed = Committed(
            previousEventID: row.previousEventID,
            enteredEventID: row.enteredEventID,
            number: row.transition,
            lastEventID: rows[one.key.root]?.row.lastEventID ?? 0,
            isHeld: false
        )
        release(one.key, until: now, lane: lane, &committed)
        return committed
    }

    /// A transition whose commit succeeded but whose answer was lost: the row is one further, under the same lease.
    ///
    /// Only a branch that is still held can be told; one that was released or ended by the lost commit answers `lost`,
    /// which drops work that nobody holds any more.
    private func committedBefore(_ one: TransitionSubmission) -> Answer? {
        guard let row = rows[one.key]?.row, let root = rows[one.key.root]?.row, row.status == .open,
            row.lease == one.lease, row.transition == one.number + 1
        else { return nil }
        return .committed(
            Committed(
                previousEventID: row.previousEventID,
                enteredEventID: row.enteredEventID,
                number: row.transition,
                lastEventID: root.lastEventID,
                isHeld: true,
                wasBefore: true
            )
        )
    }

    /// Writes the transition's events, moves its branch, and does what its directive asks of other branches.
    mutating func advance(_ one: TransitionSubmission) -> Committed {
        let transition = one.transition
        let first = record(
            transition.events,
            of: one.key,
            state: rows[one.key]?.row.state ?? transition.branch.state,
            chain: transition.branch.previousEventID,
            at: one.at
        )
        var working = rows[one.key] ?? Working(row: BranchRow(key: one.key, kind: .root, state: ""))
        working.branch = transition.branch
        working.assigns = working.assigns || transition.assigns
        working.row.transition += 1
        working.row.lapses = 0
        // An attempt that has ended voids its token, and with it what came for it too late.
        if one.takesUp || transition.branch.taskToken != working.row.taskToken { working.row.happening = nil }
        working.row.taskToken = transition.branch.taskToken
        if working.row.phase == .joined, !transition.directive.isFailure { working.row.forgetChildren() }
        noteMapRun(of: one, from: working.row)
        working.row.state = transition.branch.state
        working.row.phase = transition.branch.phase
        working.row.deadline = transition.branch.deadline
        working.row.failsOnLoss = one.failsOnLoss
        if let last = transition.chainEnd { working.row.previousEventID = first + last }
        if let entered = transition.entered {
            working.row.enteredEventID = first + entered
        } else if transition.branch.phase == .entering {
            working.row.enteredEventID = nil
        }
        rows[one.key] = working

        var committed = Committed(
            previousEventID: working.row.previousEventID,
            enteredEventID: working.row.enteredEventID,
            number: working.row.transition,
            lastEventID: 0,
            isHeld: false
        )
        switch transition.directive {
        case .proceed, .perform, .distribute:
            if one.keeps {
                committed.isHeld = true
            } else {
                release(one.key, until: now, lane: one.lane, &committed)
            }
        case .await: release(one.key, until: one.awaitUntil, lane: one.lane, &committed)
        case .sleep(let until): release(one.key, until: until, lane: one.lane, &committed)
        case .fork(let fork): open(fork, for: one, &committed)
        case .complete(let output): complete(one, output, lastEvent: first + transition.events.count - 1, &committed)
        case .fail(let failure): fail(one, failure, lastEvent: first + transition.events.count - 1, &committed)
        }
        committed.lastEventID = rows[one.key.root]?.row.lastEventID ?? 0
        if !transition.events.isEmpty { committed.firstEventID = first }
        return committed
    }

    /// Lets go of a branch until a time, or until something reaches it; what has reached it already makes it ready now.
    private mutating func release(_ key: BranchKey, until: Timestamp?, lane: String, _ committed: inout Committed) {
        let reached = rows[key]?.row.happening != nil
        let time = reached ? now : until
        change(key) { row in
            row.lease = nil
            row.lane = lane
            row.wake = time.map { .at($0) } ?? .never
        }
        if let time, time <= now { committed.wokenLanes.insert(lane) }
    }

    private mutating func open(_ fork: Fork, for one: TransitionSubmission, _ committed: inout Committed) {
        guard let first = rows[one.key.root]?.row.nextBranchID, let parent = rows[one.key]?.row else { return }
        let count = fork.children.count
        let started = fork.maxConcurrency == 0 ? count : min(fork.maxConcurrency, count)
        change(one.key.root) { $0.nextBranchID += count }
        change(one.key) { row in
            row.lease = nil
            row.wake = .never
            row.lane = ""
            row.firstChild = first
            row.childCount = count
            row.nextChild = started
            row.openChildren = count
            row.failedChildren = 0
            row.toleratedFailures = fork.toleratedFailures
        }
        // One copy for all of them.
        let variables = fork.sharesVariables ? one.transition.branch.variables.visible : nil
        for (ordinal, child) in fork.children.enumerated() {
            let key = BranchKey(one.key.execution, first + ordinal)
            let kind: Branch.Kind = fork.isMap ? .iteration(ordinal) : .branch(ordinal)
            var branch = Branch(kind: kind, state: child.state, input: child.input)
            branch.previousEventID = parent.previousEventID
            branch.item = child.item
            branch.variables = Variables(own: JSONObject(), outer: variables)
            var row = BranchRow(key: key, parent: one.key.branch, kind: kind, state: child.state)
            row.lane = one.lanes[child.state] ?? ""
            row.previousEventID = parent.previousEventID
            if ordinal >= started {
                row.status = .unstarted
            } else if ordinal < one.share {
                let lease = Lease(worker: one.lease.worker, number: one.firstLease + Int64(ordinal))
                row.hand(to: lease, at: now)
                committed.taken.append(Taken(key: key, lease: lease, child: branch))
            } else {
                row.hand(to: nil, at: now)
                committed.wokenLanes.insert(row.lane)
            }
            add(Working(row: row, branch: branch, isNew: true))
        }
    }

    // MARK: Rows and events

    /// Puts in a row that was not there before.
    mutating func add(_ working: Working) {
        let key = working.row.key
        rows[key] = working
        keysByExecution?[key.execution, default: []].append(key)
    }

    /// The keys of an execution's rows, in order: grouped once, for a batch may end many executions with many rows each.
    mutating func keys(of execution: ExecutionID) -> [BranchKey] {
        let keys = keysByExecution ?? Dictionary(grouping: rows.keys, by: \.execution)
        keysByExecution = keys
        return keys[execution, default: []].sorted()
    }

    mutating func change(_ key: BranchKey, _ body: (inout BranchRow) -> Void) {
        guard var working = rows[key] else { return }
        body(&working.row)
        working.isChanged = true
        rows[key] = working
    }

    /// Numbers events and puts them into a history row; returns the id of the first.
    @discardableResult
    mutating func record(
        _ events: [HistoryEvent],
        of key: BranchKey,
        state: String,
        chain: Int,
        at: Timestamp
    ) -> Int {
        guard let root = rows[key.root]?.row else { return 0 }
        let first = root.lastEventID + 1
        guard !events.isEmpty else { return first }
        let time = max(at, root.lastEventAt ?? at)
        writes.history.append(
            HistoryRow(
                key: key,
                firstEventID: first,
                previousEventID: chain,
                at: time,
                state: state,
                events: events
            )
        )
        change(key.root) { row in
            row.lastEventID += events.count
            row.lastEventAt = time
        }
        return first
    }

    mutating func end(
        _ execution: ExecutionID,
        as status: BranchRow.Status,
        output: JSONText?,
        failure: Failure?,
        at: Timestamp
    ) {
        let time = max(at, rows[BranchKey(execution, 0)]?.row.lastEventAt ?? at)
        writes.ends.append(
            ExecutionEnd(id: execution, status: status, output: output, failure: failure, stoppedAt: time)
        )
    }
}
