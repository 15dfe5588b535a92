import Engine
import Interpreter
import StatesLanguage
import Store

/// The commit queue of a process: as `CommitQueue`, but for batches of random size and forks and ends that are large by chance.
final class SimulatedQueue {
    private let small: SimulatedCommits
    private let large: SimulatedCommits
    private unowned let process: SimulatedProcess

    init(of process: SimulatedProcess) {
        self.process = process
        small = SimulatedCommits(of: process)
        large = SimulatedCommits(of: process)
    }

    var isIdle: Bool { small.isIdle && large.isIdle }

    func submit(_ submission: Submission, reply: @escaping (SubmissionResult) -> Void) {
        let mayBeLarge =
            switch submission {
            case .stop: true
            case .transition(let one):
                switch one.transition.directive {
                case .fork, .fail: true
                default: false
                }
            default: false
            }
        (mayBeLarge && process.simulation.draw(3) == 0 ? large : small).submit(submission, reply: reply)
    }
}

/// What is committed over one connection, one batch after the other.
private final class SimulatedCommits {
    private struct Ticket {
        let submission: Submission
        let reply: (SubmissionResult) -> Void
    }

    private unowned let process: SimulatedProcess
    private var simulation: Simulation { process.simulation }
    private var waiting: [Ticket] = []
    private var isBusy = false

    init(of process: SimulatedProcess) { self.process = process }

    var isIdle: Bool { waiting.isEmpty && !isBusy }

    func submit(_ submission: Submission, reply: @escaping (SubmissionResult) -> Void) {
        waiting.append(Ticket(submission: submission, reply: reply))
        if !isBusy { next() }
    }

    private func next() {
        isBusy = !waiting.isEmpty
        guard isBusy else { return }
        let count = min(waiting.count, 1 + simulation.draw(simulation.schedule.batchSize))
        let batch = Array(waiting.prefix(count))
        waiting.removeFirst(count)
        commit(batch, isRepeated: false) { self.next() }
    }

    private func commit(_ batch: [Ticket], isRepeated: Bool, then done: @escaping () -> Void) {
        send(batch.map(\.submission), isRepeated: isRepeated) { result in
            switch result {
            case .answered(let answers):
                for (ticket, answer) in zip(batch, answers) { ticket.reply(.answer(answer)) }
                if isRepeated { return self.reclaim(Array(zip(batch, answers)), then: done) }
                done()
            case .unavailable:
                self.process.later(self.simulation.duration(20...200)) {
                    self.commit(batch, isRepeated: true, then: done)
                }
            case .refused:
                guard batch.count > 1 else {
                    batch[0].reply(.refused("the database cannot hold it"))
                    return done()
                }
                let middle = batch.count / 2
                self.commit(Array(batch[..<middle]), isRepeated: isRepeated) {
                    self.commit(Array(batch[middle...]), isRepeated: isRepeated, then: done)
                }
            }
        }
    }

    /// Gives back leases that an earlier try was given.
    private func reclaim(_ answers: [(Ticket, Answer)], then done: @escaping () -> Void) {
        guard let (ticket, answer) = answers.first else { return done() }
        let rest = Array(answers.dropFirst())
        guard let given = ticket.submission.given else { return reclaim(rest, then: done) }
        switch answer {
        case .lost: break
        case .committed(let committed), .started(let committed):
            guard committed.wasBefore else { return reclaim(rest, then: done) }
        default: return reclaim(rest, then: done)
        }
        process.ask("give back") { store in
            store.releaseUnknown(
                in: given.execution,
                of: given.worker,
                from: given.first,
                count: given.count,
                at: self.simulation.now
            )
        } answer: { isDone in
            if isDone == false { return self.process.later(.milliseconds(1)) { self.reclaim(answers, then: done) } }
            self.reclaim(rest, then: done)
        }
    }

    // MARK: The transaction

    private enum Result {
        case answered([Answer])
        case unavailable
        case refused
    }

    private func send(_ submissions: [Submission], isRepeated: Bool, answer: @escaping (Result) -> Void) {
        let fate = process.fate()
        let life = process.life
        simulation.after(simulation.latency()) { [self] in
            let isGone = life != process.life && simulation.draw(2) == 0
            guard simulation.store.isUp, fate != .isLost, !isGone else {
                return process.later(simulation.latency()) { answer(.unavailable) }
            }
            let epoch = simulation.store.epoch
            lock(submissions, isRepeated: isRepeated, in: epoch) { result in
                self.process.later(self.simulation.latency()) {
                    if fate == .goesUnanswered || epoch != self.simulation.store.epoch { return answer(.unavailable) }
                    answer(result)
                }
            }
        }
    }

    private func lock(
        _ submissions: [Submission],
        isRepeated: Bool,
        in epoch: Int,
        answer: @escaping (Result) -> Void
    ) {
        let simulation = simulation
        let store = simulation.store
        guard store.isUp, epoch == store.epoch else { return answer(.unavailable) }
        let locks = store.locks(of: submissions, isRepeated: isRepeated)
        guard store.lock(locks) else {
            return store.wait { [self] in lock(submissions, isRepeated: isRepeated, in: epoch, answer: answer) }
        }
        var plan = store.plan(submissions, isRepeated: isRepeated, at: simulation.now)
        var answers = plan.apply(submissions)
        if store.flaw == .answersEarly, simulation.draw(50) == 0 {
            store.unlock(locks)
            return answer(.answered(answers))
        }
        simulation.after(simulation.latency()) {
            guard store.isUp, epoch == store.epoch else { return answer(.unavailable) }
            if submissions.contains(where: { simulation.isRefused($0) }) {
                store.unlock(locks)
                return answer(.refused)
            }
            store.write(plan.writes, submissions, answers: &answers, at: simulation.now)
            store.unlock(locks)
            answer(.answered(answers))
        }
    }
}
