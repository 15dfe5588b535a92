import Interpreter
import Store
import Synchronization

/// Interpreters of revisions, which never change; of very many, some are made again.
final class KnownInterpreters: Sendable {
    private let interpreters = Mutex<[RevisionID: Interpreter]>([:])

    subscript(revision: RevisionID) -> Interpreter? {
        get { interpreters.withLock { $0[revision] } }
        set {
            interpreters.withLock { known in
                if known.count >= 1_000 { known.removeAll() }
                known[revision] = newValue
            }
        }
    }
}
