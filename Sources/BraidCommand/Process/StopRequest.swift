import Lifecycle
import Synchronization

/// SIGINT and SIGTERM, from the first moment of a process on: what is to stop may not exist yet when they come.
final class StopRequest: Sendable {
    private let asked = Gate()
    private let action = Mutex<(@Sendable () -> Void)?>(nil)
    private let listening = Mutex<Task<Void, Never>?>(nil)

    /// Listens from now on.
    ///
    /// - Parameter told: Told once, when the first signal comes.
    init(told: @escaping @Sendable () -> Void) {
        let signals = Signals.stop()
        let task = Task {
            for await _ in signals {
                told()
                asked.open()
                action.withLock { $0 }?()
            }
        }
        listening.withLock { $0 = task }
    }

    /// Whether a stop was asked for.
    var isAsked: Bool { asked.isOpen }

    /// Says what a signal does from now on; done at once if one has come already.
    func onStop(_ body: @escaping @Sendable () -> Void) {
        action.withLock { $0 = body }
        if asked.isOpen { body() }
    }

    /// Listens no more.
    func end() async {
        let task = listening.withLock { $0 }
        task?.cancel()
        await task?.value
    }
}
