import Interpreter
import StatesLanguage
import Store
import Synchronization

/// Interpreters of revisions, which never change; of very many, some are made again.
final class KnownInterpreters: Sendable {
    private let interpreters = Mutex(Remembered<RevisionID, Interpreter>(most: 1_000))

    subscript(revision: RevisionID) -> Interpreter? {
        get { interpreters.withLock { $0[revision] } }
        set {
            guard let newValue else { return }
            interpreters.withLock { $0.remember(newValue, bytes: newValue.definition.size, for: revision) }
        }
    }
}
