import Engine
import Interpreter
import JSON
import StatesLanguage
import Store

/// One schedule: several processes on one database, in virtual time, with everything drawn from a seed.
///
/// The workers and the batches are the production code; the database, the network and the processes around them are models.
/// After a time of troubles it is calm, and everything must end.
final class Simulation {
    static let start = Timestamp(microseconds: 1_714_557_600_000_000)

    let schedule: Schedule
    let checks = Checks()
    let store: ModelStore
    let isTraced: Bool
    private(set) var now = start
    /// Whether nothing goes wrong any more.
    private(set) var calm = false
    private(set) var processes: [SimulatedProcess] = []
    var accepted: Set<ExecutionID> = []
    private var agenda = Agenda()
    var random: SeededGenerator
    private(set) var interpreters: [Interpreter] = []
    private var isOver = false
    private var lastCommit = (count: 0, at: start)

    init(_ schedule: Schedule, flaw: Flaw? = nil, isTraced: Bool = false) throws {
        self.schedule = schedule
        self.isTraced = isTraced
        random = SeededGenerator(seed: schedule.seed)
        store = ModelStore(checks: checks, flaw: flaw, outputLimit: schedule.settings.limits.maxPayloadBytes)
        for definition in schedule.definitions {
            interpreters.append(
                Interpreter(
                    definition: try StateMachineDefinition(parsing: definition),
                    limits: schedule.settings.limits
                )
            )
        }
        processes = schedule.profiles.map { SimulatedProcess($0, in: self) }
    }

    /// Runs it to its end.
    ///
    /// - Returns: What did not hold; nothing where all went well.
    func run() -> [String] {
        for definition in schedule.definitions { trace("it runs \(definition)") }
        for process in processes { after(duration(0...500)) { process.boot() } }
        for number in 0..<schedule.executions { after(duration(0...3_000)) { self.startExecution(number) } }
        for _ in 0..<schedule.troubles { after(time(within: schedule.troubleTime)) { self.makeTrouble() } }
        for _ in 0..<schedule.stops { after(time(within: schedule.troubleTime)) { self.stopExecution() } }
        after(schedule.troubleTime) { self.calmDown() }
        sweep()
        pollActivities()
        var steps = 0
        while !isOver, checks.violations.isEmpty, let next = agenda.next() {
            now = max(now, next.at)
            next.action()
            steps += 1
            checks.expect(steps < 400_000 && checks.commits < 20_000, "it goes round in circles")
        }
        if checks.violations.isEmpty { examineEnds() }
        return checks.violations
    }

    // MARK: Chance and time

    func draw(_ count: Int) -> Int { count <= 1 ? 0 : Int.random(in: 0..<count, using: &random) }

    /// So many milliseconds.
    func duration(_ range: ClosedRange<Int>) -> Duration {
        .microseconds(Int.random(in: (range.lowerBound * 1_000)...(range.upperBound * 1_000), using: &random))
    }

    /// How long something takes on its way, mostly little.
    func latency() -> Duration { draw(20) == 0 ? duration(0...100) : .microseconds(100 + draw(3_000)) }

    private func time(within time: Duration) -> Duration { duration(0...Int(time / .milliseconds(1))) }

    func after(_ delay: Duration, _ action: @escaping () -> Void) { agenda.add(at: now + delay, action) }

    func trace(_ words: @autoclosure () -> String) {
        if isTraced { print("\(now.rfc3339.dropFirst(14).dropLast()) \(words())") }
    }

    // MARK: What there is

    func interpreter(of revision: RevisionID) -> Interpreter { interpreters[Int(revision.rawValue)] }

    /// Whether the database refuses it, always.
    func isRefused(_ submission: Submission) -> Bool {
        guard schedule.refusals > 0, case .transition(let one) = submission else { return false }
        if case .fail = one.transition.directive { return false }
        let place = UInt64(one.key.branch * 1_000 + one.number)
        return SeededGenerator.mix(schedule.seed ^ one.key.execution.low &+ place) % 1_000 < schedule.refusals
    }

    /// Tells workers that there is work; who misses it finds out later.
    func notify() {
        for process in processes where draw(8) > 0 {
            process.later(latency()) { process.incarnation?.ring() }
        }
    }

    /// Tells whoever sees to a run that a child of it has ended; who misses it finds out later.
    func step(_ run: MapRunID) {
        for process in processes where draw(8) > 0 {
            process.later(latency()) { process.incarnation?.ring(run) }
        }
    }

    /// Tells holders of leases that they are gone; who misses it finds out later.
    func revoke(_ leases: [(key: BranchKey, lease: Lease)]) {
        for process in processes where draw(8) > 0 {
            process.later(latency()) {
                guard let incarnation = process.incarnation else { return }
                let own = leases.filter { $0.lease.worker == incarnation.id }
                if !own.isEmpty { incarnation.deliver(.revoked(own)) }
            }
        }
    }

    // MARK: Troubles

    private func makeTrouble() {
        let process = processes[draw(processes.count)]
        switch draw(8) {
        case 0...1: process.kill()
        case 2: process.freeze(for: duration(100...8_000))
        case 3: process.drain()
        case 4: process.cutUntil = now + duration(100...8_000)
        case 5...6: crashDatabase()
        default: if let incarnation = process.incarnation { store.loseSession(incarnation.id) }
        }
    }

    private func crashDatabase() {
        guard store.isUp else { return }
        let lost = draw(store.unflushedCount + 1)
        trace("the database crashes, and loses \(lost) leases")
        store.crash(losing: lost)
        after(duration(10...3_000)) { [self] in
            trace("the database is up")
            store.start(at: now)
        }
    }

    private func calmDown() {
        trace("it is calm")
        calm = true
        for process in processes { process.cutUntil = nil }
        for process in processes { process.boot() }
        lastCommit.at = now
    }

    // MARK: The scheduler

    /// What the scheduler sees to, and whether everything has ended.
    private func sweep() {
        after(.milliseconds(calm ? 500 : 250)) { self.sweep() }
        // The disk has what was written a while ago.
        if draw(2) == 0 { store.flush() }
        if store.isUp {
            store.endLapsedWorkers(schedule.settings, at: now)
            store.releaseLeases(at: now)
            for id in store.overdueExecutions(at: now) where draw(2) == 0 { stop(id, isTimeout: true) }
            for id in store.leftChildren() where draw(2) == 0 { stop(id, isTimeout: false) }
        }
        if checks.commits != lastCommit.count { lastCommit = (checks.commits, now) }
        guard calm, now - Self.start > .seconds(4) else { return }
        let isEnded = store.executions.allSatisfy { $0.end != nil } && store.leftChildren().isEmpty
        isOver = isEnded && processes.allSatisfy(\.isIdle)
        guard now - lastCommit.at > .seconds(120) else { return }
        checks.expect(isEnded, "nothing moves any more: \(stuck)")
        checks.expect(isOver || !isEnded, "a worker holds on to what has ended")
    }

    private var stuck: String {
        let open = store.executions.flatMap(\.branches).map(\.row).filter { $0.status == .open }
        return open.map { "\($0.key) \($0.state) \($0.phase) \($0.wake) \($0.lease?.worker.description ?? "")" }
            .joined(separator: ", ")
    }

    private func examineEnds() {
        for id in accepted.sorted() { checks.expect(store.execution(id) != nil, "\(id) was accepted and is lost") }
        for (id, run) in store.mapRuns { checks.expect(run.status != nil, "the map run \(id) has not ended") }
        for execution in store.executions {
            checks.examineHistory(of: execution)
            guard let end = execution.end else { continue }
            let id = execution.start.id
            let definition = schedule.definitions[Int(execution.start.revision.rawValue)]
            let isLinear = !["Parallel", "Map", ":activity:"].contains { definition.contains($0) }
            let processor = processor(of: execution)
            let outcome = Outcome(
                end.status.rawValue,
                output: end.output,
                failure: end.failure,
                history: isLinear ? checks.links(of: execution) : []
            )
            trace("\(id) ended: \(outcome)")
            guard [.succeeded, .failed].contains(end.status), checks.exempt[id] == nil,
                !schedule.profiles[0].failsOnWorkerLoss,
                // What children gave was examined where their run ended.
                !distributes(processor ?? interpreter(of: execution.start.revision).definition.root)
            else { continue }
            let reference = Reference(
                interpreter: interpreter(of: execution.start.revision),
                info: info(id, at: execution.start.at, input: execution.start.input),
                processor: processor,
                answers: schedule.answers,
                isLinear: isLinear
            )
            let other = reference.other(than: outcome, seed: schedule.seed)
            checks.expect(other == nil, "\(id) ended so: \(outcome); but it ends so: \(other?.description ?? "")")
        }
    }

    /// What a child of a map run runs; `nil` for any other execution.
    private func processor(of execution: ModelStore.Execution) -> StateGraph? {
        guard let run = execution.start.mapRun.flatMap({ store.mapRuns[$0] }),
            case .map(let map)? = interpreter(of: execution.start.revision).definition
                .state(named: run.request.state)?.body
        else { return nil }
        return map.processor
    }

    private func distributes(_ graph: StateGraph) -> Bool {
        graph.states.contains { state in
            if case .map(let map) = state.body, map.mode != .inline { return true }
            return state.nestedGraphs.contains { distributes($0) }
        }
    }
}
