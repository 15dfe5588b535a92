import Interpreter
import StatesLanguage
import Store

extension WorkerState {
    /// Sees to the run that a branch waits for.
    mutating func map(_ key: BranchKey, _ request: MapRunRequest) -> [WorkerAction] {
        guard var branch = held[key], let interpreter = interpreters[branch.revision] else { return [] }
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

    /// Begins children of a run: takes its share of them, as far as there is room, and leaves the others to anyone.
    mutating func begin(_ children: MapRunChildren, at now: Timestamp) -> ChildrenSubmission {
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
    mutating func leaveMapRuns(at now: Timestamp) -> [WorkerAction] {
        var actions: [WorkerAction] = []
        for branch in Array(held.values) {
            guard case .mapping = branch.stage, let interpreter = interpreters[branch.revision] else { continue }
            var branch = branch
            actions.append(.cancel(branch.attempt))
            let transition = Transition(branch: branch.branch, directive: .proceed)
            branch.stage = .committing(transition, before: branch.branch)
            held[branch.key] = branch
            var submission = submission(for: branch.key, transition, interpreter, at: now)
            submission.isHandedBack = true
            actions.append(.commit(submission))
        }
        return actions
    }
}
