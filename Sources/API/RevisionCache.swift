import Store
import Synchronization

/// Revisions that were asked for, which never change; a machine's status does, and is not taken from here.
final class RevisionCache: Sendable {
    private static let limit = 500
    private let records = Mutex<[RevisionID: StateMachineRecord]>([:])

    subscript(id: RevisionID) -> StateMachineRecord? {
        get { records.withLock { $0[id] } }
        set {
            records.withLock { records in
                // All are dropped when there are too many: what is in use comes back with its next request.
                if records.count >= Self.limit { records.removeAll(keepingCapacity: true) }
                records[id] = newValue
            }
        }
    }
}
