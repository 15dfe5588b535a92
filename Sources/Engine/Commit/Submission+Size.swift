import Interpreter
import JSON
package import Store

extension Submission {
    /// About how many bytes of payloads it writes.
    var byteCount: Int {
        switch self {
        case .transition(let one): one.transition.byteCount
        case .start(let start): start.input.byteCount + start.transition.byteCount
        case .callback(let callback): callback.happening.byteCount
        case .activity(let activity): activity.transition.byteCount
        case .children(let children):
            children.starts.reduce(children.results.reduce(0) { $0 + $1.text.utf8.count }) {
                $0 + $1.input.byteCount + $1.transition.byteCount
            }
        case .stop: 1_024
        }
    }

    /// About how many rows it writes; of one that ends others, only its own: how many those are is found under the lock.
    var rowCount: Int {
        switch self {
        case .transition(let one): one.transition.rowCount
        case .start(let start): 1 + start.transition.rowCount
        case .children(let children): children.starts.reduce(4) { $0 + 1 + $1.transition.rowCount }
        case .callback, .activity, .stop: 2
        }
    }

    /// Whether it may end branches that it does not name: a stop, or a child's failure.
    var mayEndOthers: Bool {
        switch self {
        case .stop: true
        case .transition(let one): if case .fail = one.transition.directive { one.parent != nil } else { false }
        case .start, .callback, .activity, .children: false
        }
    }

    /// The leases that it may give its submitter.
    package var given: (execution: ExecutionID, worker: WorkerID, first: Int64, count: Int)? {
        switch self {
        case .transition(let one): (one.key.execution, one.lease.worker, one.firstLease, max(1, one.share))
        case .start(let start):
            start.lease.map { (start.id, $0.worker, start.firstLease, max(1, start.share)) }
        case .stop, .callback, .activity, .children: nil
        }
    }
}

extension Transition {
    fileprivate var byteCount: Int {
        var bytes = branch.input.byteCount + 256 * events.count
        switch directive {
        case .complete(let output): bytes += output.byteCount
        case .fork(let fork): for child in fork.children { bytes += 256 + child.input.byteCount }
        default: break
        }
        return bytes
    }

    fileprivate var rowCount: Int {
        if case .fork(let fork) = directive { 2 + fork.children.count } else { 2 }
    }
}

extension RecordedHappening {
    fileprivate var byteCount: Int {
        switch self {
        case .succeeded(let output): 256 + output.byteCount
        case .childFailed, .failed, .broken, .workerLost: 1_024
        }
    }
}
