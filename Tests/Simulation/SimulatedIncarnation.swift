import Engine
import Interpreter
import JSON
import StatesLanguage
import Store

/// One incarnation of a worker: runs a `WorkerState`, as `Incarnation` and `Worker` do.
final class SimulatedIncarnation {
    let id: WorkerID
    private(set) var state: WorkerState
    private unowned let process: SimulatedProcess
    private var simulation: Simulation { process.simulation }
    private var inbox: [WorkerEvent] = []
    private var isHandling = false
    /// The lanes of the attempts that are performed.
    private var running: [AttemptID: String] = [:]
    private var runs: [AttemptID: SimulatedMapRun] = [:]
    private var lastAnswer: Timestamp
    private var isOver = false
    private var isDraining = false
    private var isSleeping = false
    private var isRinging = false
    private var naps = 0
    /// Whether it looks for work because it had to leave some, and how often it looked in vain.
    private var isHungry = false
    private var vainLooks = 0
    /// Whether every lease that was asked for was answered.
    private var isSure = true
    private var surveyed: Timestamp

    init(id: WorkerID, of process: SimulatedProcess) {
        self.id = id
        self.process = process
        lastAnswer = process.simulation.now
        surveyed = lastAnswer
        state = WorkerState(
            id: id,
            settings: process.simulation.schedule.settings,
            driver: process.driver,
            makeToken: { key, number in "\(key) \(number)" }
        )
    }

    var isIdle: Bool {
        inbox.isEmpty && running.isEmpty && runs.isEmpty && state.heldCount == 0 && state.takenPlaces == 0
            && state.room == simulation.schedule.settings.capacity
    }

    func begin() {
        lastAnswer = simulation.now
        beat()
        watch()
        lease()
    }

    /// Does something later, unless it is over before.
    private func later(_ delay: Duration, _ body: @escaping () -> Void) {
        process.later(delay) { [self] in if !isOver { body() } }
    }

    // MARK: Liveness

    private func beat() {
        let asked = simulation.now
        simulation.store.holdSession(id)
        process.ask("heartbeat") { [self] store in
            store.heartbeat(id, at: simulation.now)
        } answer: { [self] answer in
            guard !isOver else { return }
            if let answer {
                guard let answer else { return die() }
                examineRevoked(before: lastAnswer)
                lastAnswer = asked
                deliver(.neighbours(count: answer.neighbours))
                deliver(.revoked(answer.revoked))
            }
            later(simulation.schedule.settings.heartbeatInterval) { self.beat() }
        }
    }

    /// What was taken away before the last heartbeat that was answered is not performed any more.
    private func examineRevoked(before time: Timestamp) {
        for attempt in running.keys {
            guard let revoked = simulation.store.revokedAt[attempt.lease] else { continue }
            simulation.checks.expect(revoked >= time, "worker \(id) performs \(attempt.key) long after it was ended")
        }
    }

    /// Takes itself for dead when no heartbeat was answered for too long.
    private func watch() {
        let left = lastAnswer + simulation.schedule.settings.selfLapse - simulation.now
        guard left > .zero else { return die() }
        later(left + .milliseconds(1 + simulation.draw(250))) { self.watch() }
    }

    private func die() {
        guard !isOver else { return }
        simulation.trace("worker \(id) drops its work")
        execute(state.abandon().sorted { $0.order < $1.order })
        isOver = true
        process.died(self)
    }

    func drain() {
        guard !isDraining else { return }
        isDraining = true
        state.drain()
        execute(state.leaveMapRuns(at: process.clock))
        settle()
    }

    private func settle() {
        if isDraining, state.heldCount == 0, !isOver {
            isOver = true
            process.drained(self)
        }
        if state.isHungry {
            isHungry = true
            ring()
        }
    }

    // MARK: What happens

    func deliver(_ event: WorkerEvent) {
        guard !isOver else { return }
        inbox.append(event)
        if !isHandling { handle() }
    }

    private func handle() {
        isHandling = true
        later(.microseconds(simulation.draw(4) == 0 ? simulation.draw(20_000) : 10)) { [self] in
            isHandling = false
            handle(inbox.removeFirst())
            if !inbox.isEmpty { handle() }
        }
    }

    private func handle(_ event: WorkerEvent) {
        simulation.trace("worker \(id): \(event.words)")
        switch event {
        case .answered(_, _, .unknown), .started(_, _, .unknown): isSure = false
        case .started(_, _, .answer(.started(let committed))) where committed.wasBefore: isSure = false
        case .read(let leased, let leases): if leased.count < leases.count { isSure = false }
        default: break
        }
        execute(state.handle(event, at: process.clock))
        settle()
    }

    func start(_ new: NewExecution, _ interpreter: Interpreter, reply: @escaping (SubmissionResult) -> Void) {
        let submission = state.start(new, interpreter, at: process.clock)
        process.queue?.submit(.start(submission)) { result in
            reply(result)
            self.deliver(.started(BranchKey(new.id, 0), submission.lease, result))
        }
    }

    // MARK: Map runs

    private func see(to work: MapRunWork, for id: AttemptID) {
        let run = SimulatedMapRun(work, of: self, in: process) { [self] event in
            runs[id] = nil
            later(.microseconds(10)) { self.deliver(event) }
        }
        guard let run else { return simulation.checks.expect(false, "\(id.key) waits for a run without an id") }
        runs[id] = run
        run.begin()
    }

    /// A child of a run has ended.
    func ring(_ run: MapRunID) { for one in runs.values where one.id == run { one.ring() } }

    func begin(_ children: MapRunChildren, reply: @escaping (SubmissionResult) -> Void) {
        let submission = state.begin(children, at: process.clock)
        process.queue?.submit(.children(submission)) { [self] result in
            for (index, start) in submission.starts.enumerated() {
                let one: SubmissionResult =
                    if case .answer(.childrenStarted(let given)) = result { .answer(.started(given[index])) } else {
                        result
                    }
                deliver(.started(BranchKey(start.id, 0), start.lease, one))
            }
            reply(result)
        }
    }

    // MARK: What is to be done

    private func execute(_ actions: [WorkerAction]) {
        for action in actions {
            switch action {
            case .commit(let submission):
                process.queue?.submit(.transition(submission)) { result in
                    self.deliver(.answered(submission.key, submission.lease, result))
                }
            case .perform(let id, let attempt, let deadline): perform(id, attempt, deadline)
            case .cancel(let id): cancel(id)
            case .read(let leases): read(leases)
            case .handBack(let leases, _): handBack(leases)
            case .rest(_, let key, let lease, let time):
                process.ask("rest") { [self] store in
                    store.releaseLeases([(key, lease)], at: simulation.now + time)
                } answer: { isDone in
                    if isDone == false { self.later(.milliseconds(1)) { self.handBack([(key, lease)]) } }
                }
            case .define(let revision):
                later(simulation.draw(4) == 0 ? simulation.duration(0...4_000) : simulation.latency()) {
                    self.deliver(.defined(revision, self.simulation.interpreter(of: revision)))
                }
            case .findActivity(let key, let lease, let text):
                later(simulation.latency()) { self.deliver(.activityFound(key, lease, text, exists: true)) }
            case .run(let id, let work): see(to: work, for: id)
            case .stepped(let run):
                if runs.values.contains(where: { $0.id == run }) {
                    ring(run)
                } else if state.hasNeighbours {
                    simulation.step(run)
                }
            // The scheduler settles what is left of map runs, and nothing else is nested.
            case .settleNested, .forgetNested: break
            case .wake:
                ring()
                if state.hasNeighbours { simulation.notify() }
            case .revoke(let leases):
                let others = leases.filter { $0.lease.worker != id }
                if !others.isEmpty { simulation.revoke(others) }
            case .note(let note): self.note(note)
            }
        }
    }

    private func note(_ note: WorkerNote) {
        switch note {
        case .unserved(_, let key, _): simulation.checks.exempt(key.execution, because: "nothing served a Task")
        case .refused(let key, _, _): simulation.checks.exempt(key.execution, because: "a transition was refused")
        case .lost(let key, _): simulation.trace("worker \(id) has lost \(key)")
        case .failed: break
        }
    }

    private func read(_ leases: [(key: BranchKey, lease: Lease)]) {
        process.ask("read") { store in
            store.leased(leases)
        } answer: { [self] read in
            guard !isOver else { return }
            if read == nil, simulation.draw(4) > 0 { return later(.milliseconds(50)) { self.read(leases) } }
            deliver(.read(read ?? [], of: leases))
        }
    }

    private func handBack(_ leases: [(key: BranchKey, lease: Lease)]) {
        process.ask("hand back leases") { [self] store in
            store.releaseLeases(leases, at: simulation.now)
        } answer: { isDone in
            if isDone == false { self.later(.milliseconds(1)) { self.handBack(leases) } }
        }
    }

    // MARK: Tasks

    private func perform(_ id: AttemptID, _ attempt: TaskDriver.Attempt, _ deadline: Timestamp?) {
        let lane = attempt.request.resource.lane
        simulation.checks.performed(id, attempt, in: simulation.store)
        running[id] = lane
        let most = process.driver.places(lane) ?? .max
        let count = running.values.filter { $0 == lane }.count
        simulation.checks.expect(
            count <= most || !process.driver.serves(lane),
            "\(process.name) performs \(count) attempts of \(lane), over \(most)"
        )
        if let deadline {
            later(max(.zero, deadline - process.clock)) {
                if self.running[id] != nil { self.deliver(.deadline(id)) }
            }
        }
        let time = simulation.duration(simulation.draw(5) == 0 ? 0...4_000 : 0...40)
        guard process.driver.serves(lane) else {
            simulation.checks.exempt(id.key.execution, because: "nothing served a Task")
            return later(time) { self.ended(id, .failed(Failure(error: "Unserved", cause: nil))) }
        }
        if let token = attempt.request.token {
            simulation.callBack(id.key, token, simulation.schedule.answers.answer(attempt.request))
            let isLost = simulation.schedule.answers.losesCall(attempt.request)
            return later(time) {
                self.ended(
                    id,
                    isLost ? .failed(Failure(error: "E", cause: "lost")) : .succeeded(JSONText(trusted: "{}"))
                )
            }
        }
        switch simulation.schedule.answers.answer(attempt.request) {
        case .succeeds(let output): later(time) { self.ended(id, .succeeded(output)) }
        case .fails(let failure): later(time) { self.ended(id, .failed(failure)) }
        case .hangs: break
        }
    }

    private func ended(_ id: AttemptID, _ outcome: TaskDriver.Outcome) {
        guard running.removeValue(forKey: id) != nil else { return }
        deliver(.performed(id, outcome))
    }

    /// It stops sooner or later, and may say so all the same.
    private func cancel(_ id: AttemptID) {
        if let run = runs[id] { return run.cancel() }
        guard running.removeValue(forKey: id) != nil, simulation.draw(2) == 0 else { return }
        let outcome: TaskDriver.Outcome = .failed(Failure(error: "Cancelled", cause: nil))
        later(simulation.duration(0...3_000)) { self.deliver(.performed(id, outcome)) }
    }

    // MARK: Leasing

    /// Looks for work now, or as soon as what it does is done.
    func ring() {
        isRinging = true
        if isSleeping { wake() }
    }

    private func sleep(for time: Duration) {
        isSleeping = true
        naps += 1
        let nap = naps
        if isRinging { return wake() }
        later(time) { if self.isSleeping, self.naps == nap { self.wake() } }
    }

    private func wake() {
        isSleeping = false
        isRinging = false
        later(.microseconds(50)) { self.lease() }
    }

    /// Asks now and then, and whenever an answer was lost, what the database says that it holds.
    private func lease() {
        guard !isOver, !isDraining else { return }
        guard isSure, simulation.now - surveyed < simulation.schedule.settings.holdingInterval else {
            return process.ask("holding") { store in
                store.leases(of: self.id)
            } answer: { [self] holding in
                guard let holding, !isOver else { return sleep(for: .milliseconds(250)) }
                deliver(.holding(holding))
                isSure = true
                surveyed = simulation.now
                lease()
            }
        }
        process.ask("survey") { store in
            (store.surveyLanes(at: self.simulation.now), self.simulation.now)
        } answer: { [self] survey in
            guard let (lanes, now) = survey else { return sleep(for: .milliseconds(250)) }
            let ready = lanes.filter { $0.nextWake <= now }
            let unserved = ready.filter { !$0.isServed }.map(\.lane)
            let places = state.places(in: ready.map(\.lane), unserved: Set(unserved))
            examineHunger(hasFound: !places.isEmpty)
            guard !places.isEmpty else { return rest(lanes, now) }
            let part = max(1, state.room / max(1, places.count))
            lease(places.map { LanePlaces(lane: $0.lane, places: min($0.places, part)) }) { self.rest(lanes, now) }
        }
    }

    /// It does not look for work again and again where there is none.
    private func examineHunger(hasFound: Bool) {
        vainLooks = isHungry && !hasFound ? vainLooks + 1 : 0
        isHungry = false
        simulation.checks.expect(vainLooks < 20, "worker \(id) looks for work in vain, and does not rest")
    }

    private func rest(_ lanes: [LaneSurvey], _ now: Timestamp) {
        let poll = simulation.schedule.settings.pollInterval
        let next = lanes.compactMap { $0.nextWake > now ? $0.nextWake - now : nil }.min()
        sleep(for: min(poll, next ?? poll))
    }

    private func lease(_ places: [LanePlaces], none: @escaping () -> Void) {
        let room = places.reduce(0) { $0 + $1.places }
        let first = state.reserveLeases(room)
        process.ask("lease") { [self] store in
            store.leaseReady(from: places, to: id, first: first, at: simulation.now)
        } answer: { [self] leased in
            guard let leased else {
                isSure = false
                return sleep(for: .milliseconds(250))
            }
            guard !isOver else { return }
            handle(.leased(leased, wasFull: leased.count >= room))
            // Children of a run that end at once are held besides until that is committed.
            simulation.checks.expect(
                state.heldCount <= simulation.schedule.settings.capacity * 2 + 1 + SimulatedMapRun.mostAtOnce,
                "worker \(id) holds \(state.heldCount) branches"
            )
            if leased.isEmpty { none() } else { lease() }
        }
    }
}
