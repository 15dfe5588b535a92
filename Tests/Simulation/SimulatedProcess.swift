import Engine
import Interpreter
import StatesLanguage
import Store

/// A process that works: it has a commit queue and, one after the other, incarnations of a worker.
///
/// What it asks of the database takes time and may fail; it can be killed, stopped for a while, and drained.
final class SimulatedProcess {
    /// What it is made for.
    struct Profile {
        var index: Int
        var lanes: [String]
        /// How many attempts of a lane it performs at once.
        var places: [String: Int]
        var failsOnWorkerLoss: Bool
        /// How far its clock is off.
        var offset: Duration
    }

    unowned let simulation: Simulation
    let profile: Profile
    let driver: TaskDriver
    private(set) var incarnation: SimulatedIncarnation?
    private(set) var queue: SimulatedQueue?
    private var isRunning = false
    /// Counts its lives: what one had begun is nothing to the next.
    private(set) var life = 0
    private var stoppedUntil: Timestamp?
    /// Until then nothing that it sends arrives.
    var cutUntil: Timestamp?

    init(_ profile: Profile, in simulation: Simulation) {
        self.profile = profile
        self.simulation = simulation
        let lanes = Set(profile.lanes)
        driver = TaskDriver(
            lanes: { profile.lanes },
            serves: { lanes.contains($0) },
            places: { profile.places[$0] },
            failsOnWorkerLoss: { _ in profile.failsOnWorkerLoss },
            perform: { _ in .timedOut }
        )
    }

    var clock: Timestamp { simulation.now + profile.offset }
    var name: String { "process \(profile.index)" }
    var isIdle: Bool { isRunning && incarnation?.isIdle == true && queue?.isIdle == true }

    // MARK: Life

    func boot() {
        guard !isRunning else { return }
        isRunning = true
        life += 1
        stoppedUntil = nil
        queue = SimulatedQueue(of: self)
        simulation.trace("\(name) starts")
        register()
    }

    func kill() {
        guard isRunning else { return }
        simulation.trace("\(name) is killed")
        if let incarnation { simulation.store.loseSession(incarnation.id) }
        end()
    }

    private func end() {
        isRunning = false
        life += 1
        incarnation = nil
        queue = nil
        simulation.after(simulation.calm ? .zero : simulation.duration(0...8_000)) { [self] in boot() }
    }

    /// As SIGSTOP and SIGCONT do.
    func freeze(for time: Duration) {
        guard isRunning else { return }
        simulation.trace("\(name) is stopped for \(time)")
        stoppedUntil = simulation.now + time
    }

    func drain() {
        guard isRunning, let incarnation else { return }
        simulation.trace("\(name) drains")
        incarnation.drain()
    }

    /// Its worker has drained: what it still holds without knowing is handed back.
    func drained(_ incarnation: SimulatedIncarnation) {
        ask("hand back") { store in
            store.releaseLeases(of: incarnation.id, at: self.simulation.now).more
        } answer: { more in
            guard incarnation === self.incarnation else { return }
            if more != false { return self.later(.milliseconds(50)) { self.drained(incarnation) } }
            self.ask("end") { store in
                store.endWorker(incarnation.id, at: self.simulation.now)
            } answer: { _ in
                guard incarnation === self.incarnation else { return }
                self.simulation.trace("\(self.name) has drained")
                self.end()
            }
        }
    }

    /// Its worker was declared dead, or has to take itself for it.
    func died(_ incarnation: SimulatedIncarnation) {
        guard incarnation === self.incarnation else { return }
        self.incarnation = nil
        register()
    }

    private func register() {
        ask("register") { store in
            store.registerWorker(lanes: self.profile.lanes, at: self.simulation.now)
        } answer: { id in
            guard let id else { return self.later(.milliseconds(500)) { self.register() } }
            let incarnation = SimulatedIncarnation(id: id, of: self)
            self.incarnation = incarnation
            incarnation.begin()
        }
    }

    // MARK: Time

    /// Does something later, unless the process is killed before.
    func later(_ delay: Duration, _ body: @escaping () -> Void) {
        let life = life
        simulation.after(delay) { [self] in
            guard life == self.life else { return }
            if let stoppedUntil, stoppedUntil > simulation.now {
                later(stoppedUntil - simulation.now, body)
            } else {
                body()
            }
        }
    }

    // MARK: The database

    /// What becomes of something that is sent to the database.
    enum Fate {
        case arrives
        /// The connection is lost before it arrives.
        case isLost
        /// The connection is lost before the answer arrives.
        case goesUnanswered
    }

    func fate() -> Fate {
        if let cutUntil, cutUntil > simulation.now { return .isLost }
        guard !simulation.calm else { return .arrives }
        return switch simulation.draw(1_000) {
        case ..<simulation.schedule.losses: .isLost
        case ..<(2 * simulation.schedule.losses): .goesUnanswered
        default: .arrives
        }
    }

    /// Has the database do something in one transaction; the answer is `nil` where the connection was lost.
    func ask<T>(_ what: String, _ body: @escaping (ModelStore) -> T, answer: @escaping (T?) -> Void) {
        let fate = fate()
        let life = life
        let store = simulation.store
        simulation.after(simulation.latency()) { [self] in
            let isGone = life != self.life && simulation.draw(2) == 0
            guard store.isUp, fate != .isLost, !isGone else {
                return later(simulation.latency()) { answer(nil) }
            }
            let result = body(store)
            let epoch = store.epoch
            later(simulation.latency()) {
                let isAnswered = fate == .arrives && (epoch == store.epoch || self.simulation.draw(2) == 0)
                if !isAnswered { self.simulation.trace("\(self.name): '\(what)' is not answered") }
                answer(isAnswered ? result : nil)
            }
        }
    }
}
