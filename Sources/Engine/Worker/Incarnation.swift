import Interpreter
import Lifecycle
import Postgres
import StatesLanguage
import Store
import Telemetry

/// One incarnation of a worker: from its registration until it ends or is declared dead.
///
/// Runs ``WorkerState``: brings it what happens, one thing after the other, and does what it decides. ``settleDown()`` awaits
/// whatever it has begun.
actor Incarnation {
    let id: WorkerID
    private var state: WorkerState
    /// Whether all was dropped: nothing is begun any more, whatever is still brought.
    private var isOver = false
    /// Whether an answer was lost that may have given leases.
    private var isInDoubt = false
    private let parts: WorkerParts
    private let clock: DatabaseClock
    private let (inbox, deliver) = AsyncStream.makeStream(of: WorkerEvent.self)
    private var running: [AttemptID: Task<Void, Never>] = [:]
    private var errands: [Int: Task<Void, Never>] = [:]
    private var nextErrand = 0
    /// Wakes the leasing.
    nonisolated let alarm = Alarm()
    private var drained: CheckedContinuation<Void, Never>?
    /// Whether it will look for work in a moment, since some room came free.
    private var looksSoon = false

    init(id: WorkerID, parts: WorkerParts) {
        self.id = id
        self.parts = parts
        clock = parts.clock
        state = WorkerState(
            id: id,
            settings: parts.settings,
            driver: parts.driver,
            makeToken: { key, number in TaskToken(key: key, number: number).text }
        )
    }

    nonisolated func yield(_ event: WorkerEvent) { deliver.yield(event) }

    /// Handles what is delivered until ``finish()``.
    func run() async {
        for await event in inbox { handle(event) }
    }

    /// Cancels what is still performed, and returns when it has ended, which may take as long as it likes.
    func settleDown() async {
        for task in Array(running.values) { task.cancel() }
        for task in Array(running.values) { await task.value }
        for task in Array(errands.values) { await task.value }
    }

    /// Ends ``run()``; what is delivered afterwards is dropped.
    nonisolated func finish() { deliver.finish() }

    /// Starts an execution, which this worker takes if it has room, and returns what became of it; `nil` once it is over.
    func start(_ new: NewExecution, _ interpreter: Interpreter) async -> SubmissionResult? {
        guard !isOver else { return nil }
        let submission = state.start(new, interpreter, at: new.startedAt)
        let result = await parts.queue.submit(.start(submission))
        deliver.yield(.started(BranchKey(new.id, 0), submission.lease, result))
        return result
    }

    /// Whether it leaves work behind for want of room.
    var lacksRoom: Bool { state.lacksRoom }

    /// Begins children of a map run, and returns what became of the submission.
    func begin(_ children: MapRunChildren) async -> SubmissionResult {
        let submission = state.begin(children, at: clock.now)
        let result = await parts.queue.submit(.children(submission))
        for (index, start) in submission.starts.enumerated() {
            let one: SubmissionResult =
                switch result {
                case .answer(.childrenStarted(let given)): .answer(.started(given[index]))
                default: result
                }
            deliver.yield(.started(BranchKey(start.id, 0), start.lease, one))
        }
        return result
    }

    /// Stops taking on work, and returns when nothing is held any more.
    func drain() async {
        state.drain()
        execute(state.leaveMapRuns(at: clock.now))
        guard state.heldCount > 0 else { return }
        await withCheckedContinuation { drained = $0 }
    }

    /// Drops everything, because the leases are lost.
    func abandon() {
        guard !isOver else { return }
        isOver = true
        execute(state.abandon())
        settle()
        alarm.ring()
    }

    var heldCount: Int { state.heldCount }

    /// What to lease from, of these lanes; each gets a part of the room.
    func places(in lanes: [String], unserved: Set<String>) -> [LanePlaces] {
        // Where there is less room than lanes, which come first changes from look to look.
        let places = state.places(in: lanes, unserved: unserved).shuffled().prefix(state.room)
        let part = max(1, state.room / max(1, places.count))
        return places.map { LanePlaces(lane: $0.lane, places: min($0.places, part)) }
    }

    func reserveLeases(_ count: Int) -> Int64 { state.reserveLeases(count) }

    /// Whether an answer that may have given leases was lost since it was last asked.
    func takeDoubt() -> Bool {
        defer { isInDoubt = false }
        return isInDoubt
    }

    /// Takes what was leased: at once, so that what is leased next has only the room that is left.
    func take(_ leased: [LeasedBranch], wasFull: Bool) {
        handle(.leased(leased, wasFull: wasFull))
    }

    // MARK: Actions

    private func handle(_ event: WorkerEvent) {
        guard !isOver else { return }
        switch event {
        case .answered(_, _, .unknown), .started(_, _, .unknown): isInDoubt = true
        case .started(_, _, .answer(.started(let committed))) where committed.wasBefore:
            // Of what the lost answer gave besides, such as a fork's branches, nobody here knows.
            isInDoubt = true
            alarm.ring()
        case .read(let leased, let leases): if leased.count < leases.count { isInDoubt = true }
        default: break
        }
        execute(state.handle(event, at: clock.now))
        settle()
    }

    private func settle() {
        if state.heldCount == 0, let drained {
            self.drained = nil
            drained.resume()
        }
        if state.isHungry { return alarm.ring() }
        guard state.couldTakeMore, !looksSoon else { return }
        looksSoon = true
        _ = Timers.shared.set(after: .milliseconds(5)) { Task { await self.lookSoon() } }
    }

    private func lookSoon() {
        looksSoon = false
        alarm.ring()
    }

    private func execute(_ actions: [WorkerAction]) {
        for action in actions {
            switch action {
            case .commit(let submission):
                parts.queue.submit(.transition(submission)) { [deliver] result in
                    deliver.yield(.answered(submission.key, submission.lease, result))
                }
            case .perform(let id, let attempt, let deadline): perform(id, attempt, deadline)
            case .run(let id, let work):
                running[id] = Task { [deliver, mapRuns = parts.mapRuns] in
                    deliver.yield(await mapRuns.see(to: work, by: self))
                    self.ended(id)
                }
            case .stepped(let run): parts.mapRuns.step(run, tellingOthers: state.hasNeighbours)
            case .cancel(let attempt): running[attempt]?.cancel()
            case .read(let leases):
                errand { [parts, deliver, id = state.id] in
                    deliver.yield(.read(await parts.read(leases, of: id) ?? [], of: leases))
                }
            case .handBack(let leases, let delay):
                errand { [parts] in await parts.handBack(leases, for: delay) }
            case .rest(let run, let key, let lease, let time):
                errand { [parts] in await parts.mapRuns.rest(run, key, lease, for: time) }
            case .define(let revision):
                errand { [parts, deliver] in
                    deliver.yield(.defined(revision, await parts.definitions.interpreter(of: revision)))
                }
            case .findActivity(let key, let lease, let text):
                errand { [parts, deliver] in
                    let exists = await parts.hasActivity(text)
                    deliver.yield(.activityFound(key, lease, text, exists: exists))
                }
            case .settleNested(let scope):
                errand { [parts] in await parts.nested.settle(scope) }
            case .forgetNested(let key, let token):
                errand { [parts] in await parts.forgetNested(key, token: token) }
            case .wake(let lanes):
                alarm.ring()
                parts.woken(lanes)
                if state.hasNeighbours { parts.notifier.wake(lanes) }
            case .revoke(let leases):
                let others = leases.filter { $0.lease.worker != state.id }
                if !others.isEmpty { parts.notifier.revoke(others) }
            case .note(let note): parts.log(note)
            }
        }
    }

    private func perform(_ id: AttemptID, _ attempt: TaskDriver.Attempt, _ deadline: Timestamp?) {
        var attempt = attempt
        attempt.time = deadline.map { max(.zero, $0 - clock.now) }
        running[id] = Task { [driver = parts.driver, deliver, attempt] in
            let timer = attempt.time.map { Timers.shared.set(after: $0) { deliver.yield(.deadline(id)) } }
            deliver.yield(.performed(id, await driver.perform(attempt)))
            if let timer { Timers.shared.cancel(timer) }
            self.ended(id)
        }
    }

    private func ended(_ attempt: AttemptID) { running[attempt] = nil }

    /// Something short that is awaited at the end.
    private func errand(_ body: @escaping @Sendable () async -> Void) {
        nextErrand += 1
        let number = nextErrand
        errands[number] = Task {
            await body()
            self.errandEnded(number)
        }
    }

    private func errandEnded(_ number: Int) { errands[number] = nil }
}
