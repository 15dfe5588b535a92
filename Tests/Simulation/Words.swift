import Engine
import Interpreter
import Store

extension WorkerAction {
    /// By which actions are put into one order in every run.
    var order: String {
        if case .cancel(let id) = self { "\(id.key) \(id.lease.number)" } else { "" }
    }
}

extension WorkerEvent {
    /// What it says, for a trace.
    var words: String {
        switch self {
        case .leased(let leased, _): "leased \(leased.map { "\($0.key)@\($0.number) \($0.branch.phase)" })"
        case .defined(let revision, _): "defined \(revision.rawValue)"
        case .answered(let key, let lease, .answer(.committed(let committed))):
            "answered \(key) \(lease.number): committed as \(committed.number), held \(committed.isHeld), "
                + "taken \(committed.taken.map { "\($0.key) \($0.lease.number)" })"
        case .answered(let key, let lease, let result): "answered \(key) \(lease.number): \(result)"
        case .started(let key, _, _): "started \(key)"
        case .performed(let id, let outcome): "performed \(id.key)@\(id.number): \(outcome)"
        case .deadline(let id): "deadline of \(id.key)@\(id.number)"
        case .revoked(let leases): "revoked \(leases.map { "\($0.key) \($0.lease.number)" })"
        case .activityFound(let key, _, _, let exists): "the activity of \(key) exists: \(exists)"
        case .read(let read, _): "read \(read.map(\.key))"
        case .holding(let leases): "holding \(leases.map { "\($0.key) \($0.lease.number)" })"
        case .mapped(let id, let happening): "mapped \(id.key)@\(id.number): \(happening)"
        case .left(let id): "left \(id.key)@\(id.number)"
        case .rested(let id, _, _): "rested \(id.key)@\(id.number)"
        case .neighbours(let count): "neighbours \(count)"
        }
    }
}
