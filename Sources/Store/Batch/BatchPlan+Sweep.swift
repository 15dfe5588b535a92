import Interpreter

/// What may end all that is open in an execution: a stop, or failures of children.
package struct Sweep: Sendable, Hashable {
    package var execution: ExecutionID
    /// The branch whose children fail; `nil` where the execution is stopped.
    package var parent: Int?
    /// How many of them do: as long as their parent tolerates that many, nothing is ended.
    package var failures: Int
}

extension BatchPlan {
    /// What in these submissions may end branches that they do not name.
    package static func sweeps(of submissions: [Submission]) -> [Sweep] {
        var failures: [BranchKey: Int] = [:]
        var stopped: Set<ExecutionID> = []
        for submission in submissions {
            switch submission {
            case .transition(let one):
                if case .fail = one.transition.directive, let parent = one.parent {
                    failures[BranchKey(one.key.execution, parent), default: 0] += 1
                }
            case .stop(let stop): stopped.insert(stop.execution)
            case .start, .callback, .activity, .children: break
            }
        }
        return stopped.sorted().map { Sweep(execution: $0, parent: nil, failures: 0) }
            + failures.sorted { $0.key < $1.key }.map {
                Sweep(execution: $0.key.execution, parent: $0.key.branch, failures: $0.value)
            }
    }

    /// The executions whose every open branch must be in the rows, unless the failures of ``sweeps(of:)`` are tolerated.
    package static func sweeping(_ submissions: [Submission]) -> Set<ExecutionID> {
        Set(sweeps(of: submissions).map(\.execution))
    }
}
