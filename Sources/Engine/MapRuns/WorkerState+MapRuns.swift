import Interpreter
package import StatesLanguage
package import Store

extension WorkerState {
    /// Sees to the run that a branch waits for; who drains leaves that to others.
    mutating func map(_ key: BranchKey, _ request: MapRunRequest, at now: Timestamp) -> [WorkerAction] {
        guard var branch = held[key], let interpreter = interpreters[branch.revision] else { return [] }
        if isDraining { return leave(branch, interpreter, at: now) }
        branch.stage = .mapping
        held[key] = branch
        let work = MapRunWork(
            attempt: branch.attempt,
            request: request,
            branch: branch.branch,
            revision: branch.revision,
            execution: branch.execution,
            interpreter: interpreter
        )
        return [.run(branch.attempt, work)]
    }

    /// A run is over for its branch, as long as that is still held.
    mutating func mapped(_ attempt: AttemptID, _ happening: Happening, at now: Timestamp) -> [WorkerAction] {
        guard var branch = held[attempt.key], branch.attempt == attempt, case .mapping = branch.stage else { return [] }
        branch.happening = happening
        held[attempt.key] = branch
        return resume(attempt.key, at: now)
    }

    /// A run could not be gone on with, for what may be over in a second: if its branch is still held, it is handed back.
    mutating func left(_ attempt: AttemptID) -> [WorkerAction] {
        guard let branch = held[attempt.key], branch.attempt == attempt, case .mapping = branch.stage else { return [] }
        return lose(branch.key, branch.lease) + [.handBack([(branch.key, branch.lease)], for: .seconds(1))]
    }

    /// A run only waits for its children, and is let go of until one ends, or for so long.
    mutating func rested(_ attempt: AttemptID, _ run: MapRunID, for time: Duration) -> [WorkerAction] {
        guard let branch = held[attempt.key], branch.attempt == attempt, case .mapping = branch.stage else { return [] }
        forget(branch.key)
        return [.rest(run, branch.key, branch.lease, for: time)]
    }

    /// Begins children of a run: takes its share of them, as far as there is room, and leaves the others to anyone.
    package mutating func begin(_ children: MapRunChildren, at now: Timestamp) -> ChildrenSubmission {
        let work = children.work
        let graph = work.map?.processor
        let starts = children.new.enumerated().map { index, new in
            start(new, work.interpreter, from: graph, takes: index % workers == 0, at: now)
        }
        return ChildrenSubmission(
            key: work.attempt.key,
            lease: work.attempt.lease,
            number: work.attempt.number,
            run: children.run,
            starts: starts,
            results: children.results,
            running: children.running,
            cursor: children.cursor,
            items: children.items,
            children: children.children,
            total: children.total
        )
    }

    /// Hands back the branches whose runs it sees to: another worker goes on with them where their cursors stand.
    package mutating func leaveMapRuns(at now: Timestamp) -> [WorkerAction] {
        var actions: [WorkerAction] = []
        for branch in Array(held.values) {
            guard case .mapping = branch.stage, let interpreter = interpreters[branch.revision] else { continue }
            actions.append(.cancel(branch.attempt))
            actions += leave(branch, interpreter, at: now)
        }
        return actions
    }

    private mutating func leave(
        _ branch: HeldBranch,
        _ interpreter: Interpreter,
        at now: Timestamp
    ) -> [WorkerAction] {
        let transition = Transition(branch: branch.branch, directive: .proceed)
        held[branch.key]?.stage = .committing(transition, before: branch.branch)
        var submission = submission(for: branch.key, transition, interpreter, at: now)
        submission.isHandedBack = true
        return [.commit(submission)]
    }
}
