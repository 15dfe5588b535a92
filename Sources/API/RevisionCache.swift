import Store
import Synchronization

/// Revisions that were asked for, which never change; a machine's status does, and is not taken from here.
final class RevisionCache: Sendable {
    private let records = Mutex(Remembered<RevisionID, StateMachineRecord>(most: 500))

    subscript(id: RevisionID) -> StateMachineRecord? {
        get { records.withLock { $0[id] } }
        set {
            guard let newValue else { return }
            records.withLock { $0.remember(newValue, bytes: newValue.definition.utf8.count, for: id) }
        }
    }
}
